import Documents
import Foundation
import Postgres

/// What `debug` finds out: whether the project, the profile and the connection are in order.
package struct ProjectCheckup: Sendable {
    /// One thing that was looked at.
    package struct Finding: Sendable {
        package enum Kind: Sendable { case good, missing, invalid, failed }

        package var kind: Kind
        /// What is wrong.
        package var explanation = ""

        package var isGood: Bool { kind == .good }
    }

    package let profilesPath: String
    package let projectPath: String
    package private(set) var profile: Finding
    package private(set) var project: Finding
    package private(set) var profileName: String?
    package private(set) var targetName: String?
    /// What connections are made with, without secrets; empty where the profile could not be read.
    package private(set) var connectionInfo: [(name: String, value: String)] = []
    private var credentials: Credentials?

    package init(_ options: InvocationOptions) {
        let folder = ProjectFileSystem.absolute(options.projectDirectory)
        projectPath = folder + "/dbt_project.yml"
        var scope = StaticScope()
        scope.environment = options.environment
        scope.variables = Variables(commandLine: options.vars)
        scope.allowsSecrets = true
        let reader = ProfileReader(options: options, renderer: YAMLRenderer(scope: scope))
        profilesPath = reader.expectedPath
        let named = Self.profileName(in: projectPath, renderer: YAMLRenderer(scope: scope))
        profileName = options.profile ?? named
        do {
            let read = try reader.read(projectProfile: named)
            profile = Finding(kind: .good)
            profileName = read.name
            targetName = read.targetName
            credentials = read.credentials
            scope.target = read.targetMembers
            let hidden: Set<String> = ["profile_name", "target_name", "name", "threads", "type", "dbname"]
            connectionInfo = read.targetMembers.entries.filter { !hidden.contains($0.key) }
                .map { ($0.key, $0.value.isNull ? "None" : $0.value.string ?? $0.value.text()) }
        } catch let error as TransformError {
            let isMissing = !ProjectFileSystem.exists(reader.expectedPath)
            profile = Finding(
                kind: isMissing ? .missing : .invalid,
                explanation: isMissing
                    ? "dbt looked for a profiles.yml file in \(reader.expectedPath), but did not find one."
                    : "Profile loading failed for the following reason:\n\(error.dbtTitle)\n\(error.indentedText)")
        } catch {
            profile = Finding(
                kind: .invalid, explanation: "Profile loading failed for the following reason:\nRuntime Error\n  \(error)")
        }
        scope.allowsSecrets = false
        project = Self.project(folder, projectPath, YAMLRenderer(scope: scope))
    }

    private static func profileName(in path: String, renderer: YAMLRenderer) -> String? {
        guard let text = try? ProjectFileSystem.text(of: path, calledInErrors: "dbt_project.yml"),
            let root = try? YAMLDocument.parse(text, file: "dbt_project.yml"), let node = root["profile"]
        else { return nil }
        return (try? renderer.render(node))?.string
    }

    private static func project(_ folder: String, _ path: String, _ renderer: YAMLRenderer) -> Finding {
        let prefix = "Project loading failed for the following reason:\n"
        guard ProjectFileSystem.exists(path) else {
            return Finding(kind: .missing, explanation: prefix + " project path <\(path)> not found")
        }
        do {
            _ = try ProjectReader(renderer: renderer).read(folder: folder)
            return Finding(kind: .good)
        } catch let error as TransformError {
            return Finding(kind: .invalid, explanation: prefix + "\(error.dbtTitle)\n\(error.indentedText)")
        } catch {
            return Finding(kind: .invalid, explanation: prefix + "Runtime Error\n  \(error)")
        }
    }

    /// Connects and asks something; nil where the profile could not be read.
    package func testConnection() async -> Finding? {
        guard let credentials else { return nil }
        let worker = Worker(number: 1, credentials: credentials, cache: RelationCache())
        let finding: Finding
        do {
            try await worker.use(CancellationSwitch()) { _ = try $0.execute("select 1 as id") }
            finding = Finding(kind: .good)
        } catch {
            let described = TransformError(template: error)
            finding = Finding(
                kind: .failed,
                explanation:
                    "dbt was unable to connect to the specified database.\nThe database returned the following error:\n\n"
                    + "  >\(described.dbtTitle)\n\(described.indentedText)\n\n"
                    + "Check your database credentials and try again.")
        }
        await worker.close()
        return finding
    }
}
