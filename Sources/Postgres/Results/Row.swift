/// One row of a result: a view that costs nothing to make.
package struct Row: Sendable {
    let storage: ResultStorage
    let index: Int32

    /// The number of cells.
    package var count: Int { storage.columns.count }
    package var columns: [QueryResult.Column] { storage.columns }

    /// It is a programmer error to ask for a column that the statement does not return.
    package subscript(column: Int) -> Cell {
        precondition(column >= 0 && column < storage.columns.count, "column \(column) of \(storage.columns.count)")
        return Cell(storage: storage, row: index, column: Int32(column))
    }

    /// The first column of that name (exactly, with case); nil where there is none.
    package subscript(name: String) -> Cell? {
        storage.index(ofColumn: name).map { Cell(storage: storage, row: index, column: $0) }
    }

    /// The first cells as a tuple.
    ///
    /// - Throws: ``PostgresError`` with code `postgres.decoding` where a cell is null or not of that type.
    package func decode<each T: CellDecodable>(as type: (repeat each T).Type) throws(PostgresError) -> (repeat each T) {
        var column = 0
        func next<V: CellDecodable>(_: V.Type) throws(PostgresError) -> V {
            defer { column += 1 }
            return try self[column].decode(as: V.self)
        }
        return (repeat try next((each T).self))
    }
}
