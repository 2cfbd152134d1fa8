/// The commands of dbt.
enum DbtCommand: String, Sendable, CaseIterable {
    case build
    case clean
    case clone
    case compile
    case debug
    case deps
    case docsGenerate = "docs generate"
    case docsServe = "docs serve"
    case `init`
    case list
    case parse
    case retry
    case run
    case runOperation = "run-operation"
    case seed
    case show
    case snapshot
    case sourceFreshness = "source freshness"
    case test

    /// Commands whose first word names only the group that they belong to.
    static let groups = ["docs": ["generate", "serve"], "source": ["freshness", "snapshot-freshness"]]

    /// The command that a word, or two, name.
    init?(word: String, second: String? = nil) {
        switch (word, second) {
        case ("ls", _): self = .list
        case ("source", "snapshot-freshness"): self = .sourceFreshness
        case ("docs", let second?), ("source", let second?): self.init(rawValue: word + " " + second)
        case ("docs", nil), ("source", nil): return nil
        default: self.init(rawValue: word)
        }
    }

    /// What `flags.WHICH` and artifacts call it.
    var which: String {
        switch self {
        case .docsGenerate: "generate"
        case .docsServe: "serve"
        case .sourceFreshness: "freshness"
        default: rawValue
        }
    }

    /// The name of its one argument without an option.
    var positional: String? {
        switch self {
        case .runOperation: "macro"
        case .`init`: "project_name"
        default: nil
        }
    }

    var abstract: String {
        switch self {
        case .build: "Run seeds, snapshots, models, functions and their tests, in order"
        case .clean: "Delete the folders that clean-targets lists"
        case .clone: "Show the selected nodes of another state in this target"
        case .compile: "Write the SQL of models, tests and analyses to target/compiled"
        case .debug: "Check the project, the profile and the connection"
        case .deps: "Install the packages of packages.yml"
        case .docsGenerate: "Write catalog.json and the documentation's page"
        case .docsServe: "Serve the documentation"
        case .`init`: "Begin a project"
        case .list: "List the resources of a selection"
        case .parse: "Read the project and write manifest.json"
        case .retry: "Run what failed in the last run"
        case .run: "Run models"
        case .runOperation: "Run a macro"
        case .seed: "Load seeds"
        case .show: "Show the first rows of a node or a query"
        case .snapshot: "Run snapshots"
        case .sourceFreshness: "Check how old the rows of sources are"
        case .test: "Run tests"
        }
    }

    /// Everything that may follow it.
    var options: [DbtOption] { DbtOption.global + keys.compactMap { DbtOption.particular[$0] } + own }

    private var own: [DbtOption] {
        switch self {
        case .list: [.output(.choice(["json", "name", "path", "selector"]), "How each resource is shown."), .anySelect]
        case .compile, .show: [.output(.choice(["json", "text"]), "How the result is shown.")]
        case .sourceFreshness: [.output(.text, "Where the report goes instead of target/sources.json.", short: true)]
        case .debug, .deps, .`init`: [.anyProfilesFolder]
        default: []
        }
    }

    private var keys: [String] {
        let project = ["profiles_dir", "project_dir", "vars"]
        let selection = ["exclude", "select", "selector", "threads", "target_path"] + project
        let types = ["resource_types", "exclude_resource_types"]
        let batches = ["empty", "event_time_start", "event_time_end", "sample", "full_refresh", "sqlparse"]
        return switch self {
        case .build:
            selection + types + batches + ["export_saved_queries", "include_saved_query", "show", "store_failures"]
        case .clean: project + ["clean_project_files_only", "target_path"]
        case .clone: selection + types + ["full_refresh"]
        case .compile: selection + ["full_refresh", "introspect", "empty", "inline", "inject_ephemeral_ctes", "sqlparse"]
        case .debug: ["config_dir", "connection", "project_dir", "vars"]
        case .deps: ["project_dir", "vars", "source", "lock", "upgrade", "add_package"]
        case .docsGenerate: selection + ["compile", "empty_catalog", "static", "sqlparse"]
        case .docsServe: project + ["browser", "host", "port", "target_path"]
        case .`init`: ["project_dir", "skip_profile_setup", "skip_debug", "vars"]
        case .list:
            project + ["exclude", "models", "selector", "target_path", "threads", "output_keys"] + types
        case .parse: project + ["target_path", "threads"]
        case .retry: project + ["target_path", "threads", "full_refresh"]
        case .run: selection + batches
        case .runOperation: project + ["args", "sql", "target_path", "threads"]
        case .seed: selection + ["empty", "full_refresh", "show", "sqlparse"]
        case .show: selection + ["full_refresh", "limit", "introspect", "inline", "inline_direct", "sqlparse"]
        case .snapshot: selection + ["empty", "sqlparse"]
        case .sourceFreshness: selection + ["sqlparse"]
        case .test: selection + types + ["store_failures", "sqlparse"]
        }
    }
}
