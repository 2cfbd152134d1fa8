import Jinja

/// A column of a table with its values.
final class TableColumnObject: MethodObject {
    private let name: String
    private let index: Int
    private let columnValues: [Value]

    init(_ name: String, index: Int, values: [Value]) {
        self.name = name
        self.index = index
        columnValues = values
    }

    override var typeName: String { "Column" }
    override var length: Int? { columnValues.count }
    override var isTruthy: Bool { true }
    override func iterate() throws -> [Value]? { columnValues }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "name": .string(self.name)
        case "index": .int(index)
        default: nil
        }
    }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard let index = key.intValue else { return try super.item(key, runtime) }
        let position = index < 0 ? columnValues.count + index : index
        return columnValues.indices.contains(position) ? columnValues[position] : nil
    }

    override var methods: Set<String> { ["values", "values_distinct", "values_without_nulls"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "values_distinct": .tuple(Tuple(ValueSet(columnValues).elements))
        case "values_without_nulls": .tuple(Tuple(columnValues.filter { !$0.isNone }))
        default: .tuple(Tuple(columnValues))
        }
    }
}
