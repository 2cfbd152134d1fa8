import ArgumentParser
import Documents
import Foundation
import Project
import Transform

/// The options that dbt's commands share, under dbt's names.
struct DbtOptions: ParsableArguments {
    @Option(
        name: [.short, .long, .customLong("models"), .customLong("model"), .customShort("m")], parsing: .upToNextOption,
        help: "Nodes to work on, in dbt's selection syntax.")
    var select: [String] = []

    @Option(name: .long, parsing: .upToNextOption, help: "Nodes to leave out.")
    var exclude: [String] = []

    @Option(name: [.short, .long], help: "Target of the profile.")
    var target: String?

    @Option(name: .long, help: "Profile to use instead of the project's.")
    var profile: String?

    @Option(name: .long, help: "Folder of dbt_project.yml. Default: here, or the dbt project that leat.yml names.")
    var projectDir: String?

    @Option(name: .long, help: "Folder of profiles.yml.")
    var profilesDir: String?

    @Option(name: .long, help: "Values for var(), as YAML or JSON: '{start: 2024-01-01}'.")
    var vars: String?

    @Option(name: .long, help: "How many nodes run at a time.")
    var threads: Int?

    @Option(name: .long, help: "Where compiled files and artifacts go.")
    var targetPath: String?

    @Flag(name: [.customShort("f"), .long], help: "Build incremental models anew.")
    var fullRefresh = false

    @Flag(name: [.customShort("x"), .long], help: "Stop at the first failure.")
    var failFast = false

    @Flag(name: [.short, .long], help: "Show errors only.")
    var quiet = false

    @Option(name: .long, help: "text or json.")
    var logFormat: LogFormat = .text

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    }

    /// What Transform needs to know.
    func invocation(_ command: String) throws -> InvocationOptions {
        let folder = try projectDir ?? LeatProject.dbtProjectDirectory(near: FileManager.default.currentDirectoryPath)
        var options = InvocationOptions(projectDirectory: folder)
        options.profilesDirectory = profilesDir
        options.profile = profile
        options.target = target
        options.threads = threads
        options.select = select
        options.exclude = exclude
        options.fullRefresh = fullRefresh
        options.failFast = failFast
        options.targetPath = targetPath
        options.quiet = quiet
        options.command = command
        options.arguments = Array(CommandLine.arguments.dropFirst())
        if let vars { options.vars = try Self.variables(vars) }
        return options
    }

    private static func variables(_ text: String) throws -> JSON.Members {
        let root: YAMLNode?
        do {
            root = try YAMLDocument.parse(text, file: "--vars")
        } catch {
            throw ValidationError("--vars is not YAML: \(error.message)")
        }
        guard let root else { return JSON.Members() }
        guard let members = root.json.object else { throw ValidationError("--vars must be a mapping of names to values") }
        return members
    }
}
