import Documents
import Jinja

/// `api.Relation`: makes relations.
final class RelationClass: MethodObject {
    override var typeName: String { "Relation" }
    override var isCallable: Bool { true }
    override var methods: Set<String> { ["create", "scd_args", "add_ephemeral_prefix"] }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "Table": "table"
        case "View": "view"
        case "MaterializedView": "materialized_view"
        case "CTE": "cte"
        case "External": "external"
        case "Function": "function"
        case "get_relation_type": .object(self)
        default: nil
        }
    }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try Self.invoke("create", arguments)
    }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        try Self.invoke(method, arguments)
    }

    static func invoke(_ method: String, _ arguments: Arguments) throws -> Value {
        switch method {
        case "create":
            var relation = Relation(
                database: arguments.value(0, "database")?.stringValue, schema: arguments.value(1, "schema")?.stringValue,
                identifier: arguments.value(2, "identifier")?.stringValue)
            if let type = arguments.value(3, "type"), let name = type.stringValue { relation.type = RelationType(rawValue: name) }
            if let policy = arguments["quote_policy"]?.dictValue { relation.quoting = Self.policy(policy, base: .init()) }
            if let policy = arguments["include_policy"]?.dictValue { relation.included = Self.policy(policy, base: .init()) }
            if let identifier = relation.identifier, relation.type != nil,
                identifier.unicodeScalars.count > Relation.maximumNameLength
            {
                throw TransformError(
                    .compilation,
                    "Relation name '\(identifier)' is longer than \(Relation.maximumNameLength) characters")
            }
            return .object(RelationObject(relation))
        case "scd_args":
            let key = try arguments.required(0, "primary_key", of: "scd_args")
            let updatedAt = try arguments.required(1, "updated_at", of: "scd_args")
            return .list(List((key.elements ?? [key]) + [updatedAt]))
        case "add_ephemeral_prefix":
            return .string(Relation.ephemeralName(try arguments.string(0, "name", of: "add_ephemeral_prefix")))
        default:
            throw TransformError(.compilation, "Relation has no method '\(method)'")
        }
    }

    static func dictionary(_ policy: QuotePolicy) -> Value {
        ["database": .bool(policy.database), "schema": .bool(policy.schema), "identifier": .bool(policy.identifier)]
    }

    static func policy(_ dict: Dict, base: QuotePolicy) -> QuotePolicy {
        QuotePolicy(
            database: dict["database"]?.isTruthy ?? base.database, schema: dict["schema"]?.isTruthy ?? base.schema,
            identifier: dict["identifier"]?.isTruthy ?? base.identifier)
    }

    static func policy(_ arguments: Arguments, base: QuotePolicy) -> QuotePolicy {
        QuotePolicy(
            database: arguments.value(0, "database")?.isTruthy ?? base.database,
            schema: arguments.value(1, "schema")?.isTruthy ?? base.schema,
            identifier: arguments.value(2, "identifier")?.isTruthy ?? base.identifier)
    }
}
