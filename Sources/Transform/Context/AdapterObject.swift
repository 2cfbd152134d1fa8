import Diagnostics
import Documents
import Jinja
import Postgres

/// `adapter`: what macros can do to the warehouse.
///
/// While the project is parsed nothing reaches the warehouse: what asks it answers with nothing.
final class AdapterObject: MethodObject {
    unowned let context: NodeContext

    init(context: NodeContext) { self.context = context }

    override var typeName: String { "PostgresAdapter" }
    override var isTruthy: Bool { true }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "behavior": .object(BehaviorObject(context.world.root.definition.flags))
        case "Relation": .object(RelationClass())
        case "Column": .object(ColumnClass())
        default: nil
        }
    }

    override var methods: Set<String> { Self.warehouseMethods.union(Self.pureMethods) }

    private static let pureMethods: Set<String> = [
        "dispatch", "type", "quote", "quote_as_configured", "quote_seed_column", "convert_type", "parse_index",
        "get_incremental_strategy_macro", "get_hard_deletes_behavior", "render_raw_columns_constraints",
        "render_raw_model_constraints", "verify_database", "standardize_grants_dict", "build_catalog_relation",
        "get_missing_columns", "assert_valid_snapshot_target_given_strategy", "valid_snapshot_target", "date_function",
        "get_catalog_integration", "add_time_ingestion_partition_column", "get_partitions_metadata", "nice_connection_name",
    ]

    private static let warehouseMethods: Set<String> = [
        "execute", "commit", "add_query", "get_relation", "get_columns_in_relation", "expand_target_column_types",
        "create_schema",
        "drop_schema", "drop_relation", "rename_relation", "truncate_relation", "cache_added", "cache_dropped", "cache_renamed",
        "check_schema_exists", "get_column_schema_from_query", "copy_seed", "list_relations", "list_relations_without_caching",
        "list_schemas", "already_exists", "begin", "rollback",
    ]

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        if Self.pureMethods.contains(method) { return try invokePure(method, arguments, runtime) }
        guard context.run != nil else { return Self.valueWhileParsing(method) }
        return try invokeWarehouse(method, arguments, runtime)
    }

    private static func valueWhileParsing(_ method: String) -> Value {
        switch method {
        case "execute": .tuple(Tuple([.object(ResponseObject(StatementResponse(tag: ""))), .object(TableObject.empty())]))
        case "add_query": .tuple(Tuple([.none, .none]))
        case "get_columns_in_relation", "get_column_schema_from_query", "list_relations", "list_relations_without_caching",
            "list_schemas":
            .list(List())
        case "check_schema_exists", "already_exists": .bool(false)
        case "get_relation": .none
        default: .string("")
        }
    }

    private func invokePure(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "dispatch":
            let name = try arguments.string(0, "macro_name", of: method)
            let namespace = arguments.value(1, "macro_namespace")?.stringValue
            return context.callable(try context.world.macros.dispatch(name, namespace: namespace, from: context.package))
        case "type": return "postgres"
        case "quote": return .string(Relation.quoted(try arguments.required(0, "identifier", of: method).pythonString))
        case "quote_as_configured": return try quoteAsConfigured(arguments)
        case "quote_seed_column": return try quoteSeedColumn(arguments)
        case "convert_type": return try convertType(arguments)
        case "parse_index": return try IndexConfig.parse(try arguments.required(0, "raw_index", of: method))
        case "get_incremental_strategy_macro": return try strategyMacro(arguments, runtime)
        case "get_hard_deletes_behavior": return try hardDeletes(arguments, runtime)
        case "render_raw_columns_constraints":
            return Value(ConstraintRenderer.columns(try arguments.required(0, "raw_columns", of: method)))
        case "render_raw_model_constraints":
            return Value(ConstraintRenderer.model(try arguments.required(0, "raw_constraints", of: method)))
        case "verify_database": return try verifyDatabase(arguments)
        case "standardize_grants_dict": return try grants(arguments)
        case "get_missing_columns": return try missingColumns(arguments, runtime)
        case "valid_snapshot_target": return try checkSnapshot(arguments, strategy: nil, runtime)
        case "assert_valid_snapshot_target_given_strategy":
            return try checkSnapshot(arguments, strategy: arguments.value(2, "strategy")?.dictValue, runtime)
        case "date_function": return "now()"
        case "nice_connection_name": return .string(context.node?.id.rawValue ?? "master")
        default: return .none
        }
    }

    private func quoteAsConfigured(_ arguments: Arguments) throws -> Value {
        let name = try arguments.required(0, "identifier", of: "quote_as_configured").pythonString
        let part = try arguments.string(1, "quote_key", of: "quote_as_configured")
        let policy = QuotePolicy().merging(context.world.root.definition.quoting)
        let isQuoted =
            switch part {
            case "database": policy.database
            case "schema": policy.schema
            default: policy.identifier
            }
        return .string(isQuoted ? Relation.quoted(name) : name)
    }

    private func quoteSeedColumn(_ arguments: Arguments) throws -> Value {
        let name = try arguments.required(0, "column", of: "quote_seed_column").pythonString
        switch arguments.value(1, "quote_config") {
        case .bool(false)?: return .string(name)
        case .bool(true)?, .none?, nil: return .string(Relation.quoted(name))
        default:
            throw TransformError(.compilation, "the seed configuration 'quote_columns' must be true or false")
        }
    }

    private func convertType(_ arguments: Arguments) throws -> Value {
        let table = try arguments.required(0, "agate_table", of: "convert_type").objectValue as? TableObject
        let index = try arguments.int(1, "col_idx", default: 0, of: "convert_type")
        return .string(table?.seed?.columns[index].type ?? "text")
    }

    private func verifyDatabase(_ arguments: Arguments) throws -> Value {
        let asked = try arguments.required(0, "database", of: "verify_database").pythonString.filter { $0 != "\"" }
        let own = context.world.profile.credentials.database
        guard asked.lowercased() == own.lowercased() else {
            throw TransformError(
                .compilation, "Cross-db references not allowed in postgres (\(asked) vs \(own))",
                hint: "one connection sees one database; copy the data into \(own)")
        }
        return .string("")
    }

    private func grants(_ arguments: Arguments) throws -> Value {
        let result = Dict()
        for row in (try arguments.required(0, "grants_table", of: "standardize_grants_dict").objectValue as? TableObject)?.rows
            ?? []
        {
            guard row.values.count >= 2 else { continue }
            let privilege = try row.attribute("privilege_type", Runtime(environment: TemplateEngine.environment)) ?? row.values[1]
            let grantee = try row.attribute("grantee", Runtime(environment: TemplateEngine.environment)) ?? row.values[0]
            if let list = result[privilege]?.listValue {
                list.append(grantee)
            } else {
                result[privilege] = .list(List([grantee]))
            }
        }
        return .dict(result)
    }

    private func missingColumns(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard context.run != nil else { return .list(List()) }
        let from = try columns(of: try arguments.required(0, "from_relation", of: "get_missing_columns"), runtime)
        let to = try columns(of: try arguments.required(1, "to_relation", of: "get_missing_columns"), runtime)
        let known = Set(to.map(\.name))
        return .list(List(from.filter { !known.contains($0.name) }.map { .object(ColumnObject($0)) }))
    }

    /// The columns of a relation, through the macro, so that a project may override it.
    func columns(of relation: Value, _ runtime: Runtime) throws -> [Column] {
        let result = try callMacro("get_columns_in_relation", [relation], runtime)
        return (result.elements ?? []).compactMap { ($0.objectValue as? ColumnObject)?.column }
    }

    /// Calls a macro by its name as the node sees it.
    func callMacro(_ name: String, _ arguments: [Value], _ runtime: Runtime) throws -> Value {
        guard let macro = context.world.macros.macro(named: name, from: context.package) else {
            throw TransformError(.compilation, "there is no macro '\(name)'")
        }
        return try runtime.call(context.callable(macro), Arguments(arguments))
    }

    private func strategyMacro(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let strategy = arguments.value(1, "strategy")?.stringValue ?? "default"
        let builtIn = ["append", "delete+insert", "merge", "microbatch", "default"]
        let name = "get_incremental_\(strategy.replacing("+", with: "_"))_sql"
        guard let macro = context.world.macros.macro(named: name, from: context.package) else {
            throw TransformError(
                .compilation,
                "dbt could not find an incremental strategy macro with the name \"\(name)\" in \(context.world.root.name)",
                hint: "built in: \(builtIn.dropLast().joined(separator: ", "))")
        }
        return context.callable(macro)
    }

    /// Whether a snapshot's table has the columns that snapshots keep their books in.
    private func checkSnapshot(_ arguments: Arguments, strategy: Dict?, _ runtime: Runtime) throws -> Value {
        guard context.run != nil else { return .none }
        let relation = try arguments.required(0, "relation", of: "valid_snapshot_target")
        let names = arguments.value(1, "column_names")?.dictValue
        let present = Set(try columns(of: relation, runtime).map { $0.name.lowercased() })
        var needed = ["dbt_scd_id", "dbt_valid_from", "dbt_valid_to"]
        if strategy?["hard_deletes"]?.stringValue == "new_record" { needed.append("dbt_is_deleted") }
        let missing = needed.map { names?[$0]?.stringValue ?? $0 }.filter { !present.contains($0.lowercased()) }
        if missing.isEmpty { return .none }
        throw TransformError(
            .compilation,
            missing.count == 1
                ? "Snapshot target is missing configured column: '\(missing[0])'"
                : "Snapshot target is missing configured columns: \(missing.map { "'\($0)'" }.joined(separator: ", "))",
            hint: "the names come from snapshot_meta_column_names; rename the columns of the table with them")
    }

    private func hardDeletes(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let node = context.node?.config
        if let value = node?["hard_deletes"]?.string { return .string(value) }
        return .string(node?["invalidate_hard_deletes"]?.bool ?? false ? "invalidate" : "ignore")
    }
}
