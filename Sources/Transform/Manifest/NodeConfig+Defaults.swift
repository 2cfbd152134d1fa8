import Documents

extension NodeConfig {
    /// What a resource of the type has unless it is configured.
    static func defaults(for type: ResourceType) -> NodeConfig {
        switch type {
        case .model: model
        case .seed: seed
        case .test: test
        case .source: source
        case .snapshot: snapshot
        case .unitTest:
            NodeConfig(JSON.Members(pairs: [("tags", []), ("meta", [:]), ("enabled", true), ("static_analysis", nil)]))
        case .function: function
        case .metric, .semanticModel:
            NodeConfig(JSON.Members(pairs: [("enabled", true), ("group", nil), ("meta", [:])]))
        case .savedQuery:
            NodeConfig(
                JSON.Members(pairs: [
                    ("enabled", true), ("group", nil), ("meta", [:]), ("export_as", nil), ("schema", nil),
                    ("cache", ["enabled": false]),
                ]))
        case .exposure: NodeConfig(JSON.Members(pairs: [("enabled", true), ("tags", []), ("meta", [:])]))
        default: NodeConfig(JSON.Members(pairs: common + relational))
        }
    }

    private static let common: [(String, JSON)] = [
        ("enabled", true), ("alias", nil), ("schema", nil), ("database", nil), ("tags", []), ("meta", [:]), ("group", nil),
        ("static_analysis", nil),
    ]

    private static let relational: [(String, JSON)] = [
        ("materialized", "view"), ("incremental_strategy", nil), ("batch_size", nil), ("lookback", 1), ("begin", nil),
        ("persist_docs", [:]), ("post-hook", []), ("pre-hook", []), ("quoting", [:]), ("column_types", [:]),
        ("full_refresh", nil), ("unique_key", nil), ("on_schema_change", "ignore"), ("on_configuration_change", "apply"),
        ("grants", [:]), ("packages", []), ("docs", ["show": true, "node_color": nil]),
        ("contract", ["enforced": false, "alias_types": true]), ("event_time", nil), ("concurrent_batches", nil),
    ]

    private static let model = NodeConfig(
        JSON.Members(
            pairs: common + relational + [
                ("access", "protected"), ("freshness", nil), ("on_error", nil),
                ("latest_version_pointer", ["enabled": nil, "alias": nil]),
            ]))

    private static let seed: NodeConfig = {
        var config = NodeConfig(JSON.Members(pairs: common + relational + [("delimiter", ","), ("quote_columns", nil)]))
        config["materialized"] = "seed"
        return config
    }()

    private static let snapshot: NodeConfig = {
        var config = NodeConfig(
            JSON.Members(
                pairs: common + relational + [
                    ("strategy", nil), ("target_schema", nil), ("target_database", nil), ("updated_at", nil), ("check_cols", nil),
                    (
                        "snapshot_meta_column_names",
                        [
                            "dbt_valid_to": nil, "dbt_valid_from": nil, "dbt_scd_id": nil, "dbt_updated_at": nil,
                            "dbt_is_deleted": nil,
                        ]
                    ), ("dbt_valid_to_current", nil),
                ]))
        config["materialized"] = "snapshot"
        return config
    }()

    private static let function: NodeConfig = {
        var config = NodeConfig(
            JSON.Members(
                pairs: common + relational + [
                    ("type", "scalar"), ("volatility", nil), ("runtime_version", nil), ("entry_point", nil),
                    ("snowflake", ["quote_args": true]),
                ]))
        config["materialized"] = "function"
        return config
    }()

    private static let test: NodeConfig = {
        var config = NodeConfig(
            JSON.Members(
                pairs: common + [
                    ("materialized", "test"), ("severity", "ERROR"), ("store_failures", nil), ("store_failures_as", nil),
                    ("sql_header", nil), ("where", nil), ("limit", nil), ("fail_calc", "count(*)"), ("warn_if", "!= 0"),
                    ("error_if", "!= 0"),
                ]))
        config["schema"] = "dbt_test__audit"
        return config
    }()

    private static let source = NodeConfig(
        JSON.Members(pairs: [
            ("enabled", true), ("event_time", nil),
            (
                "freshness",
                ["warn_after": ["count": nil, "period": nil], "error_after": ["count": nil, "period": nil], "filter": nil]
            ),
            ("loaded_at_field", nil), ("loaded_at_query", nil), ("meta", [:]), ("tags", []), ("static_analysis", nil),
        ]))
}
