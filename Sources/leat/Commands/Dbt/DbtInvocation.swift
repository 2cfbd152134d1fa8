import Documents
import Foundation
import Project
import Transform

/// One call of dbt's command line: what it says, and where its events go.
struct DbtInvocation: Sendable {
    let command: DbtCommand
    let arguments: DbtArguments
    let options: InvocationOptions
    let log: DbtLog

    /// - Parameter log: the log to write to, where one is open already.
    init(_ command: DbtCommand, _ given: DbtArguments, environment: [String: String], log: DbtLog? = nil) {
        self.command = command
        var arguments = given
        let here = FileManager.default.currentDirectoryPath
        let folder = arguments.text("project_dir") ?? (try? LeatProject.dbtProjectDirectory(near: here)) ?? here
        let outline = ProjectOutline(folder: folder)
        arguments.projectFlags = outline?.flags ?? JSON.Members()
        self.arguments = arguments
        var options = DbtOptionsReader(command, arguments).options(folder: folder, environment: environment)
        let keepsLog = outline != nil && command != .clean && command != .debug
        let settings = DbtLogSettings(
            arguments, logFolder: outline.map { $0.logPath.hasPrefix("/") ? $0.logPath : folder + "/" + $0.logPath },
            invocationID: options.invocationID)
        var kept = settings
        if !keepsLog { kept.file = nil }
        options.observesStatements = kept.observesStatements
        self.options = options
        self.log = log ?? DbtLog(kept, environment: environment)
    }

    /// An error of the command line, for what only the command can tell.
    func usageError(_ message: String) -> DbtUsageError {
        DbtUsageError(command: "dbt \(command.rawValue)", message: message)
    }

    /// Reads the project and says what was found.
    func load() async throws -> (session: TransformSession, reporter: DbtReporter) {
        write("MainReportVersion", "A001", .info, "Running with dbt=\(Invocation.dbtVersion) (leat \(Version.text))")
        let before = DbtReporter(log: log, manifest: Manifest(projectName: ""), pathPrefix: pathPrefix)
        let session = try await TransformSession.load(options) { before.say($0) }
        write("AdapterRegistered", "E034", .info, "Registered adapter: postgres=\(Invocation.adapterVersion)")
        write(
            "FoundStats", "W006", .info, "Found \(session.summary)", [("stat_line", .string(session.summary))])
        return (session, DbtReporter(log: log, manifest: session.manifest, pathPrefix: pathPrefix))
    }

    func write(
        _ name: String, _ code: String, _ level: DbtEvent.Level, _ message: String, _ data: [(String, JSON)] = []
    ) {
        log.write(DbtEvent(name, code, level, message, data))
    }

    /// Warns of words of the selection that nothing fits.
    func reportIdleSelections(_ session: TransformSession) throws {
        for criterion in try session.idleSelections() {
            write(
                "NoNodesForSelectionCriteria", "M030", .warn,
                "The selection criterion '\(criterion)' does not match any enabled nodes",
                [("spec_raw", .string(criterion))])
        }
    }

    /// The way from here to the dbt project, as a prefix for its paths.
    private var pathPrefix: String {
        let here = URL(filePath: FileManager.default.currentDirectoryPath).standardizedFileURL.path
        let project = URL(filePath: options.projectDirectory).standardizedFileURL.path
        if project == here { return "" }
        return project.hasPrefix(here + "/") ? project.dropFirst(here.count + 1) + "/" : project + "/"
    }
}
