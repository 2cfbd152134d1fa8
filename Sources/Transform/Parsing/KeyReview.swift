import Diagnostics
import Documents

/// Looks for keys of schema files and of dbt_project.yml that are probably misspelt.
///
/// A key that nothing knows is allowed: dbt keeps it, and so do projects. So only what is close to a known key is worth a
/// warning; dbt itself says nothing of it on PostgreSQL.
struct KeyReview {
    private(set) var warnings: [Manifest.Warning] = []

    /// - Parameter section: `models`, `sources` and so on.
    mutating func review(_ entry: YAMLNode, of section: String) {
        guard let known = Self.keys[section] else { return }
        check(entry, known, "an entry of '\(section)'", .customKeyInObject)
        if let config = entry["config"] {
            check(config, Self.knownConfigKeys(of: section), "'config'", .customKeyInConfig)
        }
        for column in entry["columns"]?.items ?? [] { check(column, Self.columnKeys, "a column", .customKeyInObject) }
        for table in entry["tables"]?.items ?? [] {
            check(table, Self.tableKeys, "a table", .customKeyInObject)
            for column in table["columns"]?.items ?? [] { check(column, Self.columnKeys, "a column", .customKeyInObject) }
        }
    }

    /// A key of a schema file that none of its sections has.
    mutating func review(topLevel member: YAMLNode.Member) {
        note(member.key, member, Self.sections, "a schema file", .customTopLevelKey)
    }

    /// The settings of dbt_project.yml, which begin with `+`.
    ///
    /// - Parameter tree: what stands under `models:` and so on.
    mutating func review(settings tree: YAMLNode, of section: String) {
        let known = Self.knownConfigKeys(of: section)
        for member in tree.members ?? [] {
            if member.key.hasPrefix("+") {
                note(String(member.key.dropFirst()), member, known, "'\(section)'", .customKeyInConfig)
            } else if member.value.members != nil {
                review(settings: member.value, of: section)
            }
        }
    }

    private mutating func check(_ node: YAMLNode, _ known: Set<String>, _ what: String, _ event: WarningEvent) {
        for member in node.members ?? [] { note(member.key, member, known, what, event) }
    }

    private mutating func note(
        _ key: String, _ member: YAMLNode.Member, _ known: Set<String>, _ what: String, _ event: WarningEvent
    ) {
        guard !known.contains(key), let hint = Suggestion.hint(for: key, in: known.sorted()) else { return }
        warnings.append(
            .init(
                event: event, message: "\(what) has an unknown key '\(key)'", location: member.keyLocation, hint: hint,
                isOptional: true))
    }

    /// The settings that resources of a section can have.
    static func knownConfigKeys(of section: String) -> Set<String> { known[section] ?? configKeys }

    private static let known = ownConfigKeys.mapValues { configKeys.union($0) }

    private static let sections: Set<String> = [
        "version", "models", "seeds", "snapshots", "analyses", "sources", "macros", "exposures", "groups", "metrics",
        "semantic_models", "saved_queries", "unit_tests", "data_tests", "tests", "functions", "anchors",
    ]

    private static let nodeKeys: Set<String> = [
        "name", "description", "docs", "config", "data_tests", "tests", "columns", "meta", "group", "access", "tags",
        "constraints", "contract", "quote_columns",
    ]

    private static let keys: [String: Set<String>] = [
        "models": nodeKeys.union([
            "latest_version", "deprecation_date", "time_spine", "versions", "semantic_model", "metrics", "primary_entity",
            "agg_time_dimension", "derived_semantics", "identifier",
        ]), "seeds": nodeKeys, "snapshots": nodeKeys.union(["relation"]), "analyses": nodeKeys,
        "sources": [
            "name", "description", "database", "dbname", "schema", "loader", "loaded_at_field", "loaded_at_query", "meta", "tags",
            "config", "overrides", "freshness", "quoting", "tables", "catalog", "data_tests", "tests",
        ], "macros": ["name", "description", "docs", "meta", "config", "arguments"],
        "exposures": [
            "name", "description", "type", "owner", "label", "maturity", "meta", "tags", "url", "depends_on", "config",
        ],
        "unit_tests": ["name", "description", "model", "given", "expect", "overrides", "versions", "config"],
        "groups": ["name", "owner", "description", "config"],
    ]

    private static let columnKeys: Set<String> = [
        "name", "description", "meta", "quote", "constraints", "data_tests", "tests", "tags", "config", "data_type",
        "granularity", "dimension", "entity", "policy_tags", "docs", "column_mask", "databricks_tags",
    ]

    private static let tableKeys: Set<String> = [
        "name", "description", "meta", "identifier", "loaded_at_field", "loaded_at_query", "data_tests", "tests", "tags",
        "freshness", "quoting", "external", "columns", "config", "loader", "docs", "data_type",
    ]

    /// Of all nodes, with the spellings that dbt takes for the same.
    private static let configKeys: Set<String> = [
        "enabled", "alias", "schema", "database", "tags", "meta", "group", "materialized", "incremental_strategy", "batch_size",
        "lookback", "begin", "persist_docs", "post_hook", "pre_hook", "post-hook", "pre-hook", "quoting", "column_types",
        "full_refresh", "unique_key", "on_schema_change", "on_configuration_change", "grants", "packages", "docs", "contract",
        "event_time", "concurrent_batches", "access", "freshness", "on_error", "latest_version_pointer", "static_analysis",
        "sql_header", "indexes", "unlogged", "incremental_predicates", "merge_update_columns", "merge_exclude_columns",
        "predicates", "description", "type",
    ]

    private static let ownConfigKeys: [String: Set<String>] = [
        "seeds": ["delimiter", "quote_columns"],
        "snapshots": [
            "strategy", "target_schema", "target_database", "updated_at", "check_cols", "snapshot_meta_column_names",
            "dbt_valid_to_current", "hard_deletes", "invalidate_hard_deletes",
        ], "data_tests": testKeys, "tests": testKeys, "sources": ["loaded_at_field", "loaded_at_query", "identifier"],
        "functions": ["volatility", "runtime_version", "entry_point"],
    ]

    private static let testKeys: Set<String> = [
        "severity", "store_failures", "store_failures_as", "where", "limit", "fail_calc", "warn_if", "error_if",
    ]
}
