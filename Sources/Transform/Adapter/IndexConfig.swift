import Jinja

/// An index that a model asks for.
final class IndexConfig: MethodObject {
    private let columns: [String]
    private let isUnique: Bool
    private let type: String?

    private init(columns: [String], isUnique: Bool, type: String?) {
        self.columns = columns
        self.isUnique = isUnique
        self.type = type
    }

    /// - Throws: ``TransformError`` for mappings with other keys.
    static func parse(_ value: Value) throws -> Value {
        if value.isNone { return .none }
        guard let dict = value.dictValue else {
            throw TransformError(
                .compilation, "an index must be a mapping, not \(value.pythonRepr)", hint: "write {columns: [id], unique: true}")
        }
        for key in dict.keys where !["columns", "unique", "type"].contains(key.pythonString) {
            throw TransformError(
                .compilation, "an index has no key '\(key.pythonString)'", hint: "it may have: columns, unique, type")
        }
        guard let columns = dict["columns"]?.elements?.map(\.pythonString), !columns.isEmpty else {
            throw TransformError(.compilation, "an index needs a list of columns")
        }
        return .object(
            IndexConfig(columns: columns, isUnique: dict["unique"]?.isTruthy ?? false, type: dict["type"]?.stringValue))
    }

    override var typeName: String { "PostgresIndexConfig" }
    override var isTruthy: Bool { true }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "columns": Value(columns)
        case "unique": .bool(isUnique)
        case "type": Value(optional: type)
        case "as_node_config": ["columns": Value(columns), "unique": .bool(isUnique), "type": Value(optional: type)]
        default: nil
        }
    }

    override var methods: Set<String> { ["render"] }

    /// A name that no index before has had: the time is part of it, since the old table's index may still exist.
    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        let relation = try arguments.required(0, "relation", of: method).pythonString
        let now = DateTime.now().isoFormat()
        let parts = columns + [relation, isUnique ? "True" : "False", type ?? "None", now]
        return .string(Checksum.md5(parts.joined(separator: "_")))
    }
}
