import Documents
import Foundation
import Project
import Synchronization
import Transform

/// One call of dbt's command line: what it says, and where its events go.
struct DbtInvocation: Sendable {
    let command: DbtCommand
    let arguments: DbtArguments
    let options: InvocationOptions
    let log: DbtLog
    /// The deprecations that were met.
    let deprecations = DeprecationTally()
    /// Sessions stay until the process ends, which is soon: to give back a large project piece by piece takes a while.
    private static let kept = Mutex<[TransformSession]>([])

    /// - Parameters:
    ///   - log: the log to write to, where one is open already.
    ///   - change: what is not on the command line.
    init(
        _ command: DbtCommand, _ given: DbtArguments, environment: [String: String], log: DbtLog? = nil,
        change: (inout InvocationOptions) -> Void = { _ in }
    ) {
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
        change(&options)
        self.options = options
        self.log = log ?? DbtLog(kept, environment: environment)
    }

    /// An error of the command line, for what only the command can tell.
    func usageError(_ message: String) -> DbtUsageError {
        DbtUsageError(command: "dbt \(command.rawValue)", message: message)
    }

    /// Reads the project and says what was found.
    func load() async throws -> (session: TransformSession, reporter: DbtReporter) {
        reportStart()
        let policy = try options.warningPolicy()
        if let text = policy.deprecation { try warn(.includeExclude, text) }
        if command != .list, !options.arguments.allSatisfy({ !["--models", "--model", "-m"].contains($0) }) {
            try warn(
                .modelParamUsage,
                "Usage of `--models`, `--model`, and `-m` is deprecated in favor of `--select` or `-s`.")
        }
        let before = DbtReporter(log: log, manifest: Manifest(projectName: ""), pathPrefix: pathPrefix)
        let session = try await TransformSession.load(options) { before.say($0) }
        Self.kept.withLock { $0.append(session) }
        for warning in session.manifest.warnings where warning.event.isDeprecation && !warning.isOptional {
            if policy.verdict(on: warning.event) == .warn { _ = deprecations.note(warning.event) }
        }
        write(
            "AdapterRegistered", "E034", .info, "Registered adapter: postgres=\(Invocation.adapterVersion)",
            [("adapter_name", "postgres"), ("adapter_version", .string("=" + Invocation.adapterVersion))])
        write(
            "FoundStats", "W006", .info, "Found \(session.summary)", [("stat_line", .string(session.summary))])
        return (session, DbtReporter(log: log, manifest: session.manifest, pathPrefix: pathPrefix))
    }

    /// Which program runs, and with which arguments.
    func reportStart() {
        write(
            "MainReportVersion", "A001", .info, "Running with dbt=\(Invocation.dbtVersion) (leat \(Version.text))",
            [("version", .string("=" + Invocation.dbtVersion)), ("log_version", 3)])
        let shown = reportedArguments
        let text = shown.entries.map { "'\($0.key)': '\($0.value.string ?? "")'" }.joined(separator: ", ")
        write("MainReportArgs", "A002", .debug, "running dbt with arguments {\(text)}", [("args", .object(shown))])
    }

    /// The settings that dbt's log begins with, as Python prints them.
    private var reportedArguments: JSON.Members {
        func flag(_ value: Bool) -> JSON { value ? "True" : "False" }
        func text(_ value: String?) -> JSON { .string(value ?? "None") }
        return JSON.Members([
            ("cache_selected_only", flag(options.cachesSelectedOnly)), ("debug", flag(arguments.flag("debug"))),
            ("empty", flag(options.empty)), ("fail_fast", flag(options.failFast)),
            ("indirect_selection", .string(options.indirectSelection.rawValue)), ("introspect", flag(options.introspects)),
            ("invocation_command", .string("dbt " + options.arguments.joined(separator: " "))),
            ("log_format", text(arguments.text("log_format") ?? "default")),
            ("log_path", text(log.settings.file.map { ($0 as NSString).deletingLastPathComponent })),
            ("partial_parse", flag(arguments.flag("partial_parse", default: true))),
            ("printer_width", .string(String(log.settings.width))), ("profiles_dir", text(options.profilesDirectory)),
            ("quiet", flag(options.quiet)), ("send_anonymous_usage_stats", "False"),
            ("static_parser", flag(arguments.flag("static_parser", default: true))), ("target_path", text(options.targetPath)),
            ("use_colors", flag(log.settings.usesColors)), ("version_check", flag(options.checksVersion)),
            ("warn_error", options.warnError ? "True" : "None"), ("write_json", flag(options.writesArtifacts)),
        ])
    }

    /// Before the first node of a plan.
    func begin(_ plan: ExecutionPlan, _ session: TransformSession, _ reporter: DbtReporter) throws {
        if plan.isEmpty {
            return try warn(
                .nothingToDo, "Nothing to do. Try checking your model configs and model specification args", [("msg", "")])
        }
        reporter.begin(plan, threads: session.threads, target: session.targetName)
    }

    func write(
        _ name: String, _ code: String, _ level: DbtEvent.Level, _ message: String, _ data: [(String, JSON)] = []
    ) {
        log.write(DbtEvent(name, code, level, message, data))
    }

    /// Shows, hides or throws a warning, as the command line wants it.
    func warn(_ event: WarningEvent, _ message: String, _ data: [(String, JSON)] = []) throws {
        try options.warningPolicy().report(event, message) { line in
            if event.isDeprecation { _ = deprecations.note(event) }
            let style = Style(isEnabled: log.settings.usesColors)
            write(event.name, event.code, .warn, DbtWords.warning(line, style), data.isEmpty ? [("msg", .string(message))] : data)
        }
    }

    /// Counts the deprecations that were met; to be called at the end.
    func summarizeDeprecations() {
        let summary = deprecations.summary
        guard !summary.isEmpty else { return }
        var text = "Summary of encountered deprecations:\n"
        for (event, count) in summary { text += "\n- \(event.name): \(DbtWords.plural(count, "occurrence"))" }
        if !arguments.flag("show_all_deprecations") {
            text +=
                "\n\nTo see all deprecation instances instead of just the first occurrence of each, run command again with the "
                + "`--show-all-deprecations` flag."
        }
        var line = LogMessage(.warn, text)
        line.event = .deprecationsSummary
        let list: [JSON] = summary.map { event, count in
            ["event_name": .string(event.name), "event_code": .string(event.code), "occurrences": .int(count)]
        }
        let event = WarningEvent.deprecationsSummary
        write(
            event.name, event.code, .warn, DbtWords.warning(line, Style(isEnabled: log.settings.usesColors)),
            [("summaries", .array(list)), ("show_all_hint", .bool(!arguments.flag("show_all_deprecations")))])
    }

    /// Warns of words of the selection that nothing fits, and of contracts that were broken since the state that it looks at.
    func reportIdleSelections(_ session: TransformSession) throws {
        for warning in try session.contractWarnings() { try warn(.unversionedBreakingChange, warning) }
        for criterion in try session.idleSelections() {
            try warn(
                .noNodesForSelectionCriteria, "The selection criterion '\(criterion)' does not match any enabled nodes",
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
