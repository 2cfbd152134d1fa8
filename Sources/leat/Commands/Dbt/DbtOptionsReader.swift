import Documents
import Foundation
import Transform

/// Turns a command line into what Transform needs to know.
struct DbtOptionsReader {
    let command: DbtCommand
    let arguments: DbtArguments

    init(_ command: DbtCommand, _ arguments: DbtArguments) {
        self.command = command
        self.arguments = arguments
    }

    func options(folder: String, environment: [String: String]) -> InvocationOptions {
        var options = InvocationOptions(projectDirectory: folder, environment: environment)
        options.command = command.which
        options.arguments = arguments.words
        options.profilesDirectory = arguments.text("profiles_dir")
        options.profile = arguments.text("profile")
        options.target = arguments.text("target")
        options.targetPath = arguments.text("target_path")
        options.threads = arguments.flag("single_threaded") ? 1 : arguments.integer("threads")
        options.vars = arguments.mapping("vars") ?? JSON.Members()
        options.quiet = arguments.flag("quiet")
        options.failFast = arguments.flag("fail_fast")
        options.fullRefresh = arguments.flag("full_refresh")
        options.storeFailures = arguments.flag("store_failures")
        options.warnError = arguments.flag("warn_error")
        options.warnErrorOptions = arguments.mapping("warn_error_options") ?? JSON.Members()
        options.writesArtifacts = arguments.flag("write_json", default: true)
        options.populatesCache = arguments.flag("populate_cache", default: true)
        options.cachesSelectedOnly = arguments.flag("cache_selected_only")
        options.checksVersion = arguments.flag("version_check", default: true)
        options.introspects = arguments.flag("introspect", default: true)
        options.injectsEphemerals = arguments.flag("inject_ephemeral_ctes", default: true)
        options.now = environment["DBT_SHIM_NOW"].flatMap(DateTimeStamp.init(parsing:))
        readSelection(into: &options)
        readState(into: &options)
        options.flags = flags(options)
        options.argumentsForArtifacts = artifactArguments(options)
        return options
    }

    private func readSelection(into options: inout InvocationOptions) {
        options.select = arguments.words("select") + arguments.words("models")
        options.exclude = arguments.words("exclude")
        options.selector = arguments.text("selector")
        options.resourceTypes = types("resource_types")
        options.excludedResourceTypes = types("exclude_resource_types")
        if command == .list, !arguments.words("models").isEmpty { options.resourceTypes = [.model] }
        if let mode = arguments.text("indirect_selection").flatMap(IndirectSelection.init) { options.indirectSelection = mode }
        options.empty = arguments.flag("empty")
        options.sample = arguments.text("sample")
        options.eventTimeStart = arguments.text("event_time_start")
        options.eventTimeEnd = arguments.text("event_time_end")
    }

    /// `all` and `default` leave the choice to the command.
    private func types(_ key: String) -> Set<ResourceType> {
        if command == .list, key == "resource_types", arguments.words(key).contains("all") { return Set(ResourceType.allCases) }
        return Set(arguments.words(key).compactMap { $0 == "test" ? .test : ResourceType(rawValue: $0) })
    }

    private func readState(into options: inout InvocationOptions) {
        options.state = arguments.text("state") ?? arguments.text("deprecated_state")
        options.deferState = arguments.text("defer_state")
        options.defers = arguments.flag("defer", default: arguments.flag("deprecated_defer"))
        options.favorsState = arguments.flag("favor_state", default: arguments.flag("deprecated_favor_state"))
    }

    /// What templates see as `flags`.
    private func flags(_ options: InvocationOptions) -> JSON.Members {
        JSON.Members([
            ("DEBUG", .bool(arguments.flag("debug"))), ("PRINT", .bool(arguments.flag("print", default: true))),
            ("DEFER", .bool(options.defers)), ("FAVOR_STATE", .bool(options.favorsState)),
            ("STATE", text(options.state)), ("INTROSPECT", .bool(options.introspects)),
            ("CACHE_SELECTED_ONLY", .bool(options.cachesSelectedOnly)), ("POPULATE_CACHE", .bool(options.populatesCache)),
            ("PARTIAL_PARSE", .bool(arguments.flag("partial_parse", default: true))),
            ("STATIC_PARSER", .bool(arguments.flag("static_parser", default: true))),
            ("LOG_FORMAT", .string(arguments.text("log_format") ?? "default")),
            ("LOG_LEVEL", .string(arguments.text("log_level") ?? "info")),
            ("USE_COLORS", .bool(arguments.flag("use_colors", default: true))),
            ("VERSION_CHECK", .bool(options.checksVersion)), ("WRITE_JSON", .bool(options.writesArtifacts)),
            ("PRINTER_WIDTH", .int(arguments.integer("printer_width") ?? 80)), ("SAMPLE", text(options.sample)),
            ("SHOW_ALL_DEPRECATIONS", .bool(arguments.flag("show_all_deprecations"))),
            ("EVENT_TIME_START", text(options.eventTimeStart)),
            ("EVENT_TIME_END", text(options.eventTimeEnd)), ("TARGET_PATH", text(options.targetPath)),
            ("PROJECT_DIR", .string(options.projectDirectory)), ("PROFILES_DIR", text(options.profilesDirectory)),
            ("INVOCATION_COMMAND", .string("dbt " + options.arguments.joined(separator: " "))),
        ])
    }

    private func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
}
