extension DbtOption {
    /// The options that only some commands have, by their keys.
    static let particular: [String: DbtOption] = Dictionary(uniqueKeysWithValues: particularList.map { ($0.key, $0) })

    private static let resourceTypes = [
        "metric", "semantic_model", "saved_query", "source", "analysis", "model", "test", "unit_test", "exposure", "snapshot",
        "seed", "function", "default", "all",
    ]

    private static let particularList: [DbtOption] = [
        .init(key: "add_package", names: ["--add-package"], kind: .text, help: "Add a package to packages.yml: name@version."),
        .init(key: "args", names: ["--args"], kind: .mapping, help: "Arguments of the macro: '{name: value}'."),
        flag("browser", "Open a browser.", env: nil),
        flag("clean_project_files_only", "Leave folders outside of the project alone.", env: "DBT_CLEAN_PROJECT_FILES_ONLY"),
        flag("compile", "Compile before the catalog is made.", env: nil),
        flag("inject_ephemeral_ctes", "Put the SQL of ephemeral models into those that use them.", env: nil),
        .init(key: "config_dir", names: ["--config-dir"], kind: .flag, help: "Show where profiles.yml is looked for."),
        .init(key: "connection", names: ["--connection"], kind: .flag, help: "Test the connection only."),
        flag("empty", "Let every input be empty.", env: "DBT_EMPTY"),
        .init(key: "empty_catalog", names: ["--empty-catalog"], kind: .flag, help: "Write a catalog without relations."),
        .init(
            key: "event_time_end", names: ["--event-time-end"], kind: .moment, environment: "DBT_EVENT_TIME_END",
            help: "The end of the batches of microbatch models."),
        .init(
            key: "event_time_start", names: ["--event-time-start"], kind: .moment, environment: "DBT_EVENT_TIME_START",
            help: "The beginning of the batches of microbatch models."),
        .init(key: "exclude", names: ["--exclude"], kind: .words, help: "Nodes to leave out."),
        .init(
            key: "exclude_resource_types", names: ["--exclude-resource-types", "--exclude-resource-type"],
            kind: .choices(resourceTypes), environment: "DBT_EXCLUDE_RESOURCE_TYPES", help: "Types to leave out."),
        flag("export_saved_queries", "Accepted and not needed.", env: "DBT_EXPORT_SAVED_QUERIES"),
        flag("include_saved_query", "Accepted and not needed.", env: "DBT_INCLUDE_SAVED_QUERY"),
        .init(
            key: "full_refresh", names: ["--full-refresh", "-f"], kind: .flag, environment: "DBT_FULL_REFRESH",
            help: "Build incremental models anew."),
        .init(key: "host", names: ["--host"], kind: .text, environment: "DBT_HOST", help: "The address to listen on."),
        .init(key: "inline", names: ["--inline"], kind: .text, help: "A template to compile, instead of a node."),
        .init(key: "inline_direct", names: ["--inline-direct"], kind: .text, help: "SQL to run as it is, instead of a node."),
        flag("introspect", "Let templates ask the warehouse.", env: "DBT_INTROSPECT"),
        .init(key: "limit", names: ["--limit"], kind: .integer, help: "How many rows to show; -1 for all."),
        .init(key: "lock", names: ["--lock"], kind: .flag, help: "Write package-lock.yml and install nothing."),
        .init(
            key: "models", names: ["--models", "--model", "-m"], kind: .words, help: "Nodes to work on, models only."),
        .init(
            key: "output_keys", names: ["--output-keys"], kind: .words, help: "The keys that --output json shows."),
        .init(key: "port", names: ["--port"], kind: .integer, help: "The port to listen on."),
        .init(
            key: "profiles_dir", names: ["--profiles-dir"], kind: .folder, environment: "DBT_PROFILES_DIR",
            help: "The folder of profiles.yml."),
        .init(
            key: "project_dir", names: ["--project-dir"], kind: .folder, environment: "DBT_PROJECT_DIR",
            help: "The folder of dbt_project.yml."),
        .init(
            key: "resource_types", names: ["--resource-types", "--resource-type"], kind: .choices(resourceTypes),
            environment: "DBT_RESOURCE_TYPES", help: "Only these types."),
        .init(
            key: "sample", names: ["--sample"], kind: .text, environment: "DBT_SAMPLE",
            help: "Read only a window of time of each input: '3 days' or {start: ..., end: ...}."),
        .init(
            key: "select", names: ["--select", "-s", "--models", "--model", "-m"], kind: .words,
            help: "Nodes to work on, in dbt's selection syntax."),
        .init(key: "selector", names: ["--selector"], kind: .text, help: "The name of a selector of selectors.yml."),
        .init(key: "show", names: ["--show"], kind: .flag, help: "Show the first rows."),
        .init(key: "skip_debug", names: ["--skip-debug"], kind: .flag),
        .init(key: "skip_profile_setup", names: ["--skip-profile-setup", "-s"], kind: .flag, help: "Write no profile."),
        .init(key: "source", names: ["--source"], kind: .choice(["hub", "git", "local"]), help: "Where the package comes from."),
        .init(key: "sql", names: ["--sql"], kind: .text, help: "A template to run instead of a macro."),
        .init(key: "sqlparse", names: ["--sqlparse"], kind: .mapping, environment: "DBT_ENGINE_SQLPARSE"),
        .init(key: "static", names: ["--static"], kind: .flag, help: "Write one page with everything in it."),
        .init(
            key: "store_failures", names: ["--store-failures"], kind: .flag, environment: "DBT_STORE_FAILURES",
            help: "Keep the failing rows of tests in the warehouse."),
        .init(
            key: "target_path", names: ["--target-path"], kind: .text, environment: "DBT_TARGET_PATH",
            help: "The folder of compiled files and artifacts."),
        .init(key: "threads", names: ["--threads"], kind: .integer, help: "How many nodes run at a time."),
        .init(key: "upgrade", names: ["--upgrade"], kind: .flag, help: "Find the newest versions that fit."),
        .init(key: "vars", names: ["--vars"], kind: .mapping, help: "Values for var(): '{start: 2024-01-01}'."),
    ]

    /// `--output`, which means another thing to each of the commands that have it.
    static func output(_ kind: Kind, _ help: String, short: Bool = false) -> DbtOption {
        DbtOption(key: "output", names: short ? ["--output", "-o"] : ["--output"], kind: kind, help: help)
    }

    /// `--select` for `list`, where `--models` is another option.
    static let anySelect = DbtOption(
        key: "select", names: ["--select", "-s"], kind: .words, help: "What to list, in dbt's selection syntax.")

    /// `--profiles-dir` for commands that say themselves what is wrong with it.
    static let anyProfilesFolder = DbtOption(
        key: "profiles_dir", names: ["--profiles-dir"], kind: .text, environment: "DBT_PROFILES_DIR",
        help: "The folder of profiles.yml.")
}
