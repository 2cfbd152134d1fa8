import Documents

extension DbtOption {
    /// What options are where nobody sets them, as dbt's artifacts show it. Flags that are missing here are false; other
    /// options are left out.
    static let defaults: JSON.Members = {
        let pairs: [(String, JSON)] = [
            ("browser", true), ("compile", true), ("hints_enabled", true), ("indirect_selection", "eager"),
            ("inject_ephemeral_ctes", true), ("introspect", true), ("log_file_max_bytes", 10_485_760), ("log_format", "default"),
            ("log_format_file", "debug"), ("log_level", "info"), ("log_level_file", "debug"), ("maximum_seed_size_mib", 1),
            ("output", "text"), ("partial_parse", true), ("partial_parse_file_diff", true), ("populate_cache", true),
            ("print", true), ("printer_width", 80), ("send_anonymous_usage_stats", true),
            ("sqlparse", ["MAX_GROUPING_DEPTH": nil, "MAX_GROUPING_TOKENS": nil]), ("static_parser", true), ("use_colors", true),
            ("use_colors_file", true), ("v2_parser", "dbt-core-experimental-parser parse"), ("vars", [:]),
            ("version_check", true),
            ("write_json", true),
        ]
        return JSON.Members(pairs)
    }()

    /// Flags that dbt's artifacts leave out while they are off.
    static let shownWhenOn: Set<String> = [
        "debug", "fail_fast", "full_refresh", "log_cache_events", "single_threaded", "store_failures", "use_experimental_parser",
        "warn_error",
    ]

    /// The `flags:` of dbt_project.yml that have no option of the command line, with what they are by default in dbt 1.12.
    static let behaviorDefaults: JSON.Members = {
        let pairs: [(String, JSON)] = [
            ("allow_jinja_file_extensions", false), ("enable_grouped_warn_error_parser_logs", false),
            ("latest_version_pointer_enabled_by_default", false), ("require_all_warnings_handled_by_warn_error", true),
            ("require_batched_execution_for_custom_microbatch_strategy", true), ("require_corrected_analysis_fqns", false),
            ("require_explicit_package_overrides_for_builtin_materializations", true),
            ("require_generic_test_arguments_property", true), ("require_nested_cumulative_type_params", true),
            ("require_ref_searches_node_package_before_root", false), ("require_resource_names_without_spaces", true),
            ("require_source_and_semantic_model_names_without_spaces", false), ("require_sql_header_in_test_configs", false),
            ("require_unique_project_resource_names", false), ("require_valid_schema_from_generate_schema_name", false),
            ("require_yaml_configuration_for_mf_time_spines", true), ("show_resource_report", false),
            ("skip_nodes_if_on_run_start_fails", true), ("source_freshness_run_project_hooks", true),
            ("state_modified_compare_more_unrendered_values", true), ("state_modified_compare_vars", false),
            ("strict_mode", false),
            ("support_custom_ref_kwargs", false), ("use_catalogs_v2", false), ("validate_macro_args", true),
        ]
        return JSON.Members(pairs)
    }()
}
