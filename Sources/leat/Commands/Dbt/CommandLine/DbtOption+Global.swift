extension DbtOption {
    /// The options that stand before the command as well as after it.
    static let global: [DbtOption] = [
        flag(
            "cache_selected_only", "Learn only what exists in the schemas of the selected nodes.", env: "DBT_CACHE_SELECTED_ONLY"),
        flag("debug", "Log everything, the SQL too.", env: "DBT_DEBUG", names: ["--debug", "-d"]),
        flag("defer", "Refer to the relations of another state where a node is not selected.", env: "DBT_DEFER"),
        .init(
            key: "defer_state", names: ["--defer-state"], kind: .text, environment: "DBT_DEFER_STATE",
            help: "The state that --defer refers to, if not that of --state."),
        flag("fail_fast", "Stop at the first failure.", env: "DBT_FAIL_FAST", names: ["--fail-fast", "-x"]),
        flag("favor_state", "Refer to the other state even where the relation exists here.", env: "DBT_FAVOR_STATE"),
        flag("hints_enabled", "Say what could be done about a problem.", env: "DBT_ENGINE_HINTS_ENABLED"),
        .init(
            key: "indirect_selection", names: ["--indirect-selection"],
            kind: .choice(["eager", "cautious", "buildable", "empty"]),
            environment: "DBT_INDIRECT_SELECTION", help: "Which tests come along with selected nodes."),
        flag("log_cache_events", "Log what the relation cache does.", env: "DBT_LOG_CACHE_EVENTS"),
        .init(
            key: "log_file_max_bytes", names: ["--log-file-max-bytes"], kind: .integer, environment: "DBT_LOG_FILE_MAX_BYTES",
            help: "How large the log file may grow before a new one begins; 0 for any size."),
        .init(
            key: "log_format", names: ["--log-format"], kind: .choice(logFormats), environment: "DBT_LOG_FORMAT",
            help: "How lines on the console look."),
        .init(
            key: "log_format_file", names: ["--log-format-file"], kind: .choice(logFormats), environment: "DBT_LOG_FORMAT_FILE",
            help: "How lines of the log file look."),
        .init(
            key: "log_level", names: ["--log-level"], kind: .choice(logLevels), environment: "DBT_LOG_LEVEL",
            help: "The least important events that the console shows."),
        .init(
            key: "log_level_file", names: ["--log-level-file"], kind: .choice(logLevels), environment: "DBT_LOG_LEVEL_FILE",
            help: "The least important events that the log file keeps."),
        .init(
            key: "log_path", names: ["--log-path"], kind: .text, environment: "DBT_LOG_PATH", help: "The folder of the log file."),
        flag("macro_debugging", "Keep macros as they are rendered.", env: "DBT_MACRO_DEBUGGING"),
        .init(
            key: "maximum_seed_size_mib", names: ["--maximum-seed-size-mib"], kind: .integer,
            environment: "DBT_ENGINE_MAXIMUM_SEED_SIZE_MIB", help: "The largest seed whose contents are fingerprinted."),
        flag("partial_parse", "Read again only what changed.", env: "DBT_PARTIAL_PARSE"),
        .init(
            key: "partial_parse_file_path", names: ["--partial-parse-file-path"], kind: .text,
            environment: "DBT_PARTIAL_PARSE_FILE_PATH", help: "Accepted and not needed."),
        flag("partial_parse_file_diff", "Find what changed by comparing files.", env: "DBT_PARTIAL_PARSE_FILE_DIFF"),
        flag("populate_cache", "Learn at the beginning what exists in the warehouse.", env: "DBT_POPULATE_CACHE"),
        flag("print", "Show what print() says.", env: "DBT_PRINT"),
        .init(
            key: "printer_width", names: ["--printer-width"], kind: .integer, environment: "DBT_PRINTER_WIDTH",
            help: "How wide lines with a status are."),
        .init(
            key: "profile", names: ["--profile"], kind: .text, environment: "DBT_PROFILE",
            help: "The profile to use instead of the project's."),
        flag("quiet", "Show errors only.", env: "DBT_QUIET", names: ["--quiet", "-q"]),
        .init(
            key: "record_timing_info", names: ["--record-timing-info", "-r"], kind: .text, help: "Accepted and not needed."),
        flag("send_anonymous_usage_stats", "Nothing is ever sent.", env: "DBT_SEND_ANONYMOUS_USAGE_STATS"),
        flag("single_threaded", "Run one node at a time.", env: "DBT_SINGLE_THREADED"),
        flag("show_all_deprecations", "Show each place of what is deprecated.", env: nil),
        .init(
            key: "state", names: ["--state"], kind: .text, environment: "DBT_STATE",
            help: "A folder with the artifacts of another state of the project."),
        flag("static_parser", "Read models without rendering them where that can be done.", env: "DBT_STATIC_PARSER"),
        .init(
            key: "target", names: ["--target", "-t"], kind: .text, environment: "DBT_TARGET", help: "The target of the profile."),
        flag("use_colors", "Colour the console.", env: "DBT_USE_COLORS"),
        flag("use_colors_file", "Colour the log file.", env: "DBT_USE_COLORS_FILE"),
        flag("use_experimental_parser", "Accepted and not needed.", env: "DBT_USE_EXPERIMENTAL_PARSER"),
        flag("use_v2_parser", "Accepted and not needed.", env: "DBT_ENGINE_USE_V2_PARSER"),
        .init(key: "v2_parser", names: ["--v2-parser"], kind: .text, help: "Accepted and not needed."),
        .init(key: "version", names: ["--version", "-V", "-v"], kind: .flag, help: "Show the version."),
        flag("version_check", "Hold the project to its require-dbt-version.", env: "DBT_VERSION_CHECK"),
        .init(
            key: "warn_error", names: ["--warn-error"], kind: .flag, environment: "DBT_WARN_ERROR",
            help: "Treat warnings as errors."),
        .init(
            key: "warn_error_options", names: ["--warn-error-options"], kind: .mapping, environment: "DBT_WARN_ERROR_OPTIONS",
            help: "Which warnings are errors: {error: [...], warn: [...], silence: [...]}."),
        flag("write_json", "Write artifacts.", env: "DBT_WRITE_JSON"),
        flag("use_fast_test_edges", "Accepted and not needed.", env: "DBT_USE_FAST_TEST_EDGES"),
        flag("upload_to_artifacts_ingest_api", "Nothing is ever sent.", env: "DBT_UPLOAD_TO_ARTIFACTS_INGEST_API"),
        .init(key: "deprecated_state", names: ["--deprecated-state"], kind: .folder, environment: "DBT_ARTIFACT_STATE_PATH"),
        .init(
            key: "deprecated_defer", names: ["--deprecated-defer"], off: ["--no-deprecated-defer"], kind: .flag,
            environment: "DBT_DEFER_TO_STATE"),
        .init(
            key: "deprecated_favor_state", names: ["--deprecated-favor-state"], kind: .flag,
            environment: "DBT_FAVOR_STATE_MODE"),
        .init(key: "help", names: ["--help", "-h"], kind: .flag, help: "Show this list."),
    ]

    static let logFormats = ["text", "debug", "json", "default"]
    static let logLevels = ["debug", "info", "warn", "error", "none"]

    /// An option that can be switched on and off: `--x` and `--no-x`.
    static func flag(_ key: String, _ help: String, env: String?, names: [String] = []) -> DbtOption {
        let long = "--" + key.replacing("_", with: "-")
        return DbtOption(
            key: key, names: names.isEmpty ? [long] : names, off: ["--no-" + long.dropFirst(2)], kind: .flag, environment: env,
            help: help)
    }
}
