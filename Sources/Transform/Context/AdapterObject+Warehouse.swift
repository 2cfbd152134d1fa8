import Documents
import Jinja
import Postgres

extension AdapterObject {
    /// The methods that reach the warehouse or the relation cache.
    func invokeWarehouse(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard let warehouse = context.run?.warehouse else { return .none }
        let cache = warehouse.cache
        switch method {
        case "execute": return try execute(arguments, warehouse)
        case "commit":
            try warehouse.commit()
            return .string("")
        case "begin", "rollback":
            return .string("")
        case "add_query": return try addQuery(arguments, warehouse)
        case "get_relation":
            let relation = try Self.place(arguments, of: method)
            try warehouse.fillCache(forSchema: relation.schema ?? "", database: relation.database)
            return RelationKey(relation).flatMap { cache.relation($0) }.map { .object(RelationObject($0)) } ?? .none
        case "list_relations", "list_relations_without_caching":
            guard let schema = Self.schemaName(arguments, of: method) else { return .list(List()) }
            try warehouse.fillCache(forSchema: schema, database: nil)
            return .list(List(cache.relations(in: schema).map { .object(RelationObject($0)) }))
        case "already_exists":
            let key = RelationKey(
                schema: try arguments.string(0, "schema", of: method), identifier: try arguments.string(1, "name", of: method))
            try warehouse.fillCache(forSchema: key.schema, database: nil)
            return .bool(cache.relation(key) != nil)
        case "get_columns_in_relation": return try columnsInRelation(arguments, runtime)
        case "get_column_schema_from_query": return try columnsOfQuery(arguments, warehouse)
        case "expand_target_column_types": return try expandColumnTypes(arguments, runtime)
        case "check_schema_exists":
            let schema = try arguments.string(1, "schema", of: method)
            return .bool(try warehouse.schemaExists(schema))
        case "list_schemas":
            let result = try warehouse.execute("select nspname from pg_catalog.pg_namespace")
            return Value(result.compactMap { $0[0].string })
        case "copy_seed": return try SeedLoader.copy(arguments, context: context)
        default: return try changeRelation(method, arguments, runtime)
        }
    }

    private func execute(_ arguments: Arguments, _ warehouse: WarehouseSession) throws -> Value {
        let sql = try arguments.required(0, "sql", of: "execute").pythonString
        let begins = arguments.value(1, "auto_begin")?.isTruthy ?? false
        let fetches = arguments.value(2, "fetch")?.isTruthy ?? false
        let limit = arguments.value(3, "limit")?.intValue
        let result = try warehouse.execute(sql, beginsTransaction: begins)
        let response = Value.object(ResponseObject(StatementResponse(tag: result.commandTag)))
        return .tuple(Tuple([response, .object(fetches ? TableObject(result, limit: limit) : TableObject.empty())]))
    }

    private func addQuery(_ arguments: Arguments, _ warehouse: WarehouseSession) throws -> Value {
        let sql = try arguments.required(0, "sql", of: "add_query").pythonString
        let values = arguments.value(2, "bindings") ?? arguments["bindings"]
        guard let bindings = values?.elements else {
            _ = try warehouse.execute(sql, beginsTransaction: true)
            return .tuple(Tuple([.none, .none]))
        }
        _ = try warehouse.execute(sql, bindings: bindings.map { $0.isNone ? .null : .string($0.pythonString) })
        return .tuple(Tuple([.none, .none]))
    }

    private static func place(_ arguments: Arguments, of method: String) throws -> Relation {
        Relation(
            database: arguments.value(0, "database")?.stringValue,
            schema: try arguments.required(1, "schema", of: method).stringValue,
            identifier: try arguments.required(2, "identifier", of: method).stringValue)
    }

    private static func schemaName(_ arguments: Arguments, of method: String) -> String? {
        if let relation = arguments.value(0, "schema_relation")?.objectValue as? RelationObject {
            return relation.relation.schema
        }
        return arguments.value(1, "schema")?.stringValue
    }

    private func columnsInRelation(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let relation = try arguments.required(0, "relation", of: "get_columns_in_relation")
        return try callMacro("get_columns_in_relation", [relation], runtime)
    }

    private func columnsOfQuery(_ arguments: Arguments, _ warehouse: WarehouseSession) throws -> Value {
        let sql = try arguments.required(0, "sql", of: "get_column_schema_from_query").pythonString
        let result = try warehouse.execute(sql)
        return .list(
            List(
                result.columns.map {
                    .object(
                        ColumnObject(Column(name: $0.name, dtype: Column.translate(TypeNames.driverName(ofType: $0.typeOID)))))
                }))
    }

    private func expandColumnTypes(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let from = try arguments.required(0, "from_relation", of: "expand_target_column_types")
        let to = try arguments.required(1, "to_relation", of: "expand_target_column_types")
        let targets = Dictionary(try columns(of: to, runtime).map { ($0.name, $0) }) { first, _ in first }
        for column in try columns(of: from, runtime) {
            guard let target = targets[column.name], target.canExpand(to: column) else { continue }
            let type = Column.stringType(column.stringSize)
            _ = try callMacro("alter_column_type", [to, .string(column.name), .string(type)], runtime)
        }
        return .none
    }

    /// Changes the cache, then calls the macro of the same name, which a project may override.
    private func changeRelation(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        guard let warehouse = context.run?.warehouse else { return .none }
        let cache = warehouse.cache
        let first = arguments.positional.first ?? arguments.named.first?.value ?? .none
        guard let relation = (first.objectValue as? RelationObject)?.relation else {
            if first.isNone, method.hasPrefix("cache_") { return .string("") }
            throw TransformError(.compilation, "adapter.\(method)() needs a relation, not \(first.pythonRepr)")
        }
        switch method {
        case "cache_added": warehouse.note(cache.add(relation))
        case "cache_dropped": warehouse.note(cache.drop(relation))
        case "cache_renamed", "rename_relation":
            let second = try arguments.required(1, "to_relation", of: method)
            guard let target = (second.objectValue as? RelationObject)?.relation else {
                throw TransformError(.compilation, "adapter.\(method)() needs two relations")
            }
            var renamed = target
            renamed.type = renamed.type ?? relation.type
            warehouse.note(cache.rename(relation, to: renamed))
            if method == "rename_relation" { _ = try callMacro(method, [first, second], runtime) }
        case "create_schema":
            _ = try callMacro(method, [first], runtime)
            if let schema = relation.schema { cache.addSchema(schema) }
            try warehouse.commit()
        case "drop_schema":
            _ = try callMacro(method, [first], runtime)
            if let schema = relation.schema { cache.dropSchema(schema) }
            try warehouse.commit()
        case "drop_relation":
            warehouse.note(cache.drop(relation))
            _ = try callMacro(method, [first], runtime)
        default: _ = try callMacro(method, [first], runtime)
        }
        return .string("")
    }
}
