import Jinja

/// `table.rows`: counted without being made.
final class TableRowsObject: MethodObject {
    private let table: TableObject
    private let count: Int

    init(_ table: TableObject, count: Int) {
        self.table = table
        self.count = count
    }

    override var typeName: String { "MappedSequence" }
    override var length: Int? { count }
    override var isTruthy: Bool { count > 0 }
    override func iterate() throws -> [Value]? { table.rows.map { .object($0) } }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard let index = key.intValue else { return nil }
        let position = index < 0 ? count + index : index
        return (0..<count).contains(position) ? .object(table.rows[position]) : nil
    }

    override var methods: Set<String> { ["values"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        .tuple(Tuple(table.rows.map { .object($0) }))
    }
}
