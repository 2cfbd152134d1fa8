import Jinja

/// `relation.information_schema('columns')`: prints as the view's name in the relation's database.
final class InformationSchemaObject: MethodObject {
    private let relation: Relation
    private let view: String?

    init(_ relation: Relation, view: String?) {
        self.relation = relation
        self.view = view
    }

    override var typeName: String { "InformationSchema" }
    override var isTruthy: Bool { true }
    override var description: String {
        var parts: [String] = []
        if relation.included.database, let database = relation.database {
            parts.append(relation.quoting.database ? Relation.quoted(database) : database)
        }
        parts.append(relation.quoting.schema ? "INFORMATION_SCHEMA" : "information_schema")
        if let view { parts.append(view) }
        return parts.joined(separator: ".")
    }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "database": Value(optional: relation.database)
        case "schema": Value(optional: relation.schema)
        case "information_schema_view": Value(optional: view)
        default: nil
        }
    }

    override var methods: Set<String> { ["replace", "render"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        method == "render"
            ? .string(description)
            : .object(InformationSchemaObject(relation, view: arguments["information_schema_view"]?.stringValue ?? view))
    }
}
