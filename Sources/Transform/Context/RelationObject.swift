import Documents
import Jinja

/// A relation in templates: prints as its name, has dbt's fields and methods.
final class RelationObject: MethodObject {
    let relation: Relation

    init(_ relation: Relation) { self.relation = relation }

    override var typeName: String { "PostgresRelation" }
    override var description: String { relation.rendered }
    override var repr: String { "<PostgresRelation \(relation.rendered)>" }
    override var isTruthy: Bool { true }
    /// Packages know a relation by its being a mapping with metadata.
    override var isMapping: Bool { true }
    override func iterate() throws -> [Value]? { ["metadata", "type", "path", "quote_policy", "include_policy"] }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? RelationObject else { return false }
        return relation.isSamePlace(as: other.relation)
    }

    override func hash(into hasher: inout Hasher) { hasher.combine(relation.identifier?.lowercased()) }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "database": Value(optional: relation.database)
        case "schema": Value(optional: relation.schema)
        case "identifier", "name", "table": Value(optional: relation.identifier)
        case "type": Value(optional: relation.type?.rawValue)
        case "is_table": .bool(relation.type == .table)
        case "is_view": .bool(relation.type == .view)
        case "is_cte": .bool(relation.type == .cte)
        case "is_materialized_view": .bool(relation.type == .materializedView)
        case "is_function": .bool(relation.type == .function)
        case "can_be_renamed", "can_be_replaced": .bool(relation.type == .table || relation.type == .view)
        case "quote_policy": RelationClass.dictionary(relation.quoting)
        case "include_policy": RelationClass.dictionary(relation.included)
        case "path": pathDictionary
        case "metadata": ["type": "PostgresRelation"]
        case "limit": Value(optional: relation.limit)
        case "quote_character": "\""
        case "Table": "table"
        case "View": "view"
        case "MaterializedView": "materialized_view"
        case "CTE": "cte"
        case "External": "external"
        case "Function": "function"
        default: nil
        }
    }

    private var pathDictionary: Value {
        [
            "database": Value(optional: relation.database), "schema": Value(optional: relation.schema),
            "identifier": Value(optional: relation.identifier),
        ]
    }

    override var methods: Set<String> {
        [
            "render", "include", "quote", "incorporate", "without_identifier", "information_schema",
            "information_schema_only", "relation_max_name_length", "replace_path", "quoted", "matches",
            "get_materialized_view_config_change_collection", "create", "create_from", "scd_args", "add_ephemeral_prefix",
            "render_limited", "get", "get_function_config", "get_function_macro_name",
        ]
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "render", "render_limited": return .string(relation.rendered)
        case "include": return with { $0.included = RelationClass.policy(arguments, base: relation.included) }
        case "quote": return with { $0.quoting = RelationClass.policy(arguments, base: relation.quoting) }
        case "without_identifier":
            return with {
                $0.included.identifier = false
                $0.identifier = nil
            }
        case "incorporate": return incorporate(arguments)
        case "replace_path":
            return with { relation in
                if let value = arguments["database"] { relation.database = value.stringValue }
                if let value = arguments["schema"] { relation.schema = value.stringValue }
                if let value = arguments["identifier"] { relation.identifier = value.stringValue }
            }
        case "information_schema":
            return .object(InformationSchemaObject(relation, view: arguments.value(0, "view_name")?.stringValue))
        case "information_schema_only": return .object(InformationSchemaObject(relation, view: nil))
        case "relation_max_name_length": return .int(Relation.maximumNameLength)
        case "quoted": return .string(Relation.quoted(try arguments.string(0, "identifier", of: "quoted")))
        case "get":
            let name = try arguments.string(0, "key", of: "get")
            return try field(name, runtime) ?? arguments.value(1, "default") ?? .none
        case "matches":
            return .bool(
                matches(arguments.value(0, "database"), relation.database)
                    && matches(arguments.value(1, "schema"), relation.schema)
                    && matches(arguments.value(2, "identifier"), relation.identifier))
        case "get_materialized_view_config_change_collection":
            let described = try arguments.required(0, "relation_results", of: method)
            let model = arguments.value(1, "relation_config")?.objectValue as? NodeObject
            return try IndexChanges.collection(described: described, config: model?.config)
        case "get_function_config": return Self.functionConfig(arguments.value(0, "model"))
        case "get_function_macro_name":
            let config = arguments.value(0, "config")?.dictValue
            return .string("\(config?["type"]?.pythonString ?? "")_function_\(config?["language"]?.pythonString ?? "")")
        default: return try RelationClass.invoke(method, arguments)
        }
    }

    /// What kind of function a model is; `none` where it is none.
    private static func functionConfig(_ model: Value?) -> Value {
        guard let model = model?.dictValue, model["resource_type"]?.stringValue == "function" else { return .none }
        let config = model["config"]?.dictValue
        return [
            "language": model["language"] ?? "", "type": config?["type"] ?? "",
            "runtime_version": config?["runtime_version"] ?? .none, "entry_point": config?["entry_point"] ?? .none,
        ]
    }

    private func matches(_ value: Value?, _ part: String?) -> Bool {
        guard let text = value?.stringValue else { return true }
        return text.lowercased() == part?.lowercased()
    }

    private func incorporate(_ arguments: Arguments) -> Value {
        with { relation in
            if let path = arguments["path"]?.dictValue {
                if let value = path["database"] { relation.database = value.stringValue }
                if let value = path["schema"] { relation.schema = value.stringValue }
                if let value = path["identifier"] { relation.identifier = value.stringValue }
            }
            if let type = arguments["type"] {
                relation.type = (type.stringValue ?? type.objectValue?.description).map { RelationType(rawValue: $0) }
            }
            if let policy = arguments["quote_policy"]?.dictValue {
                relation.quoting = RelationClass.policy(policy, base: relation.quoting)
            }
            if let policy = arguments["include_policy"]?.dictValue {
                relation.included = RelationClass.policy(policy, base: relation.included)
            }
        }
    }

    private func with(_ change: (inout Relation) -> Void) -> Value {
        var copy = relation
        change(&copy)
        return .object(RelationObject(copy))
    }
}
