import Jinja

/// The names of a table's columns, shared by its rows.
final class RowNames {
    let names: [String]
    let indexes: [String: Int]

    init(_ names: [String]) {
        self.names = names
        indexes = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }
}

/// A row: by position, by name, as a sequence of its values.
final class RowObject: MethodObject {
    let values: [Value]
    private let names: RowNames

    init(_ values: [Value], names: RowNames) {
        self.values = values
        self.names = names
    }

    override var typeName: String { "Row" }
    override var length: Int? { values.count }
    override var isTruthy: Bool { !values.isEmpty }
    override var repr: String { "<agate.Row: (\(values.map(\.pythonRepr).joined(separator: ", ")))>" }
    override func iterate() throws -> [Value]? { values }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? { names.indexes[name].map { values[$0] } }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        if let index = key.intValue {
            let position = index < 0 ? values.count + index : index
            return values.indices.contains(position) ? values[position] : nil
        }
        return key.stringValue.flatMap { names.indexes[$0] }.map { values[$0] }
    }

    override var methods: Set<String> { ["values", "keys", "items", "dict", "get"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "values": .tuple(Tuple(values))
        case "keys": .tuple(Tuple(names.names.map { .string($0) }))
        case "items": .list(List(zip(names.names, values).map { .tuple(Tuple([.string($0), $1])) }))
        case "dict": .dict(Dict(zip(names.names, values).map { (.string($0), $1) }))
        default:
            try arguments.value(0, "key").flatMap { try item($0, runtime) } ?? arguments.value(1, "default") ?? .none
        }
    }
}
