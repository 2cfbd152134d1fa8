import Jinja

/// `exceptions`: how macros fail and warn.
final class ExceptionsObject: MethodObject {
    private unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "exceptions" }
    override var isTruthy: Bool { true }
    override var methods: Set<String> {
        [
            "raise_compiler_error", "raise_not_implemented", "raise_contract_error", "raise_database_error",
            "raise_dependency_error", "raise_fail_fast_error", "relation_wrong_type", "column_type_missing", "missing_config",
            "missing_relation", "missing_materialization", "raise_parsing_error", "warn", "warn_snapshot_timestamp_data_types",
            "raise_invalid_property_yml_version", "raise_ambiguous_alias", "raise_ambiguous_catalog_match",
            "raise_cache_inconsistent", "raise_dataclass_not_dict", "raise_duplicate_resource_name",
        ]
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let message = arguments.value(0, "msg")?.pythonString ?? method
        switch method {
        case "warn":
            try warn(message)
            return .string("")
        case "warn_snapshot_timestamp_data_types":
            try warn(
                "snapshot_get_time() has the type \(message), the column 'updated_at' has the type "
                    + "\(arguments.value(1, "updated_at_data_type")?.pythonString ?? "unknown")")
            return .string("")
        case "raise_contract_error":
            throw contractError(arguments)
        case "relation_wrong_type":
            let expected = arguments.value(1, "expected_type")?.pythonString ?? ""
            let type = (arguments.value(0, "relation")?.objectValue as? RelationObject)?.relation.type?.rawValue ?? "unknown"
            throw TransformError(
                .compilation,
                "Trying to create \(expected) \(message), but it currently exists as a \(type). Either drop \(message) manually, "
                    + "or run dbt with `--full-refresh` and dbt will drop it for you.")
        case "column_type_missing":
            let names = arguments.value(0, "column_names")?.elements?.map(\.pythonString).joined(separator: "', '") ?? message
            throw TransformError(
                .compilation,
                "Contracted models require data_type to be defined for each column. Please ensure that the column "
                    + "name and data_type are defined within the YAML configuration for the ['\(names)'] column(s).")
        case "missing_relation":
            throw TransformError(.compilation, "Relation \(message) not found!")
        case "missing_config":
            throw TransformError(
                .compilation,
                "Model does not define a required config parameter '\(arguments.value(1, "name")?.pythonString ?? message)'.")
        default:
            throw TransformError(method == "raise_database_error" ? .database : .compilation, message)
        }
    }

    private func warn(_ message: String) throws {
        let (scope, id) = (context.world.scope, context.node?.id)
        try context.world.options.warningPolicy().report(.jinjaLog, message) { line in
            var line = line
            line.node = id
            scope.log(line)
        }
    }

    /// Which columns differ from what the contract says.
    private func contractError(_ arguments: Arguments) -> TransformError {
        func columns(_ value: Value?) -> [(name: String, type: String)] {
            (value?.elements ?? []).compactMap { column in
                if let column = (column.objectValue as? ColumnObject)?.column { return (column.name, column.dataType) }
                guard let dict = column.dictValue else { return nil }
                let type = dict["formatted"]?.pythonString.split(separator: " ").dropFirst().joined(separator: " ")
                return (dict["name"]?.pythonString ?? "", dict["data_type"]?.pythonString ?? type ?? "")
            }
        }
        let declared = columns(arguments.value(0, "yaml_columns"))
        let actual = columns(arguments.value(1, "sql_columns"))
        var lines: [String] = ["column_name | definition_type | contract_type | mismatch_reason"]
        for column in actual {
            guard let match = declared.first(where: { $0.name == column.name }) else {
                lines.append("\(column.name) | \(column.type) |  | missing in contract")
                continue
            }
            if match.type != column.type { lines.append("\(column.name) | \(column.type) | \(match.type) | data type mismatch") }
        }
        for column in declared where !actual.contains(where: { $0.name == column.name }) {
            lines.append("\(column.name) |  | \(column.type) | missing in definition")
        }
        return TransformError(
            .compilation,
            "This model has an enforced contract that failed. Please ensure the name, data_type, and number of columns in your "
                + "contract match the columns in your model's definition.", details: lines)
    }
}
