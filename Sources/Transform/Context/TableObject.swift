import Jinja
import Postgres

/// The rows of a query, or of a seed, as templates see them: agate's face.
final class TableObject: MethodObject {
    let columnNames: [String]
    /// The rows; those of a seed are made only when a template asks for them.
    private(set) lazy var rows: [RowObject] = makeRows()
    private let count: Int
    /// The seed that the table stands for, for `copy_seed`.
    let seed: SeedTable?

    init(columnNames: [String], rows: [[Value]], seed: SeedTable? = nil) {
        self.columnNames = columnNames
        self.seed = seed
        count = rows.count
        super.init()
        let names = RowNames(columnNames)
        self.rows = rows.map { RowObject($0, names: names) }
    }

    init(columnNames: [String], rowCount: Int, seed: SeedTable) {
        self.columnNames = columnNames
        self.seed = seed
        count = rowCount
    }

    private func makeRows() -> [RowObject] {
        guard let seed else { return [] }
        let names = RowNames(columnNames)
        return seed.values().map { RowObject($0, names: names) }
    }

    convenience init(_ result: QueryResult, limit: Int? = nil) {
        let types = result.columns.map(\.typeOID)
        let rows = result.prefix(limit ?? .max).map { row in
            types.indices.map { CellValues.value(of: row[$0], typeOID: types[$0]) }
        }
        self.init(columnNames: result.columns.map(\.name), rows: rows)
    }

    static func empty() -> TableObject { TableObject(columnNames: [], rows: []) }

    override var typeName: String { "Table" }
    override var length: Int? { count }
    override var isTruthy: Bool { count > 0 }
    override func iterate() throws -> [Value]? { rows.map { .object($0) } }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "rows": .object(TableRowsObject(self, count: count))
        case "columns":
            .object(
                SequenceObject(
                    columnNames.indices.map { index in
                        .object(TableColumnObject(columnNames[index], index: index, values: rows.map { $0.values[index] }))
                    }, keys: columnNames))
        case "column_names": .tuple(Tuple(columnNames.map { .string($0) }))
        case "column_types": .list(List(columnNames.map { _ in "Text" }))
        default: nil
        }
    }

    override var methods: Set<String> { ["print_table", "print_json", "select", "rename", "exclude", "limit", "to_json"] }

    override func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        switch method {
        case "limit":
            let count = arguments.value(0, "start_or_stop")?.intValue ?? 10
            return .object(TableObject(columnNames: columnNames, rows: rows.prefix(count).map(\.values)))
        case "select", "exclude":
            let wanted = Set((arguments.value(0, "key")?.elements ?? arguments.positional).compactMap(\.stringValue))
            let indices = columnNames.indices.filter { wanted.contains(columnNames[$0]) == (method == "select") }
            return .object(
                TableObject(
                    columnNames: indices.map { columnNames[$0] }, rows: rows.map { row in indices.map { row.values[$0] } }))
        case "rename":
            var names = columnNames
            if let list = arguments.value(0, "column_names")?.elements {
                names = list.map(\.pythonString)
            } else if let dict = arguments.value(0, "column_names")?.dictValue {
                names = names.map { dict[$0]?.stringValue ?? $0 }
            }
            return .object(TableObject(columnNames: names, rows: rows.map(\.values)))
        case "print_table":
            print(columnNames.joined(separator: " | "))
            for row in rows.prefix(20) { print(row.values.map(\.pythonString).joined(separator: " | ")) }
            return .none
        default: return .none
        }
    }
}
