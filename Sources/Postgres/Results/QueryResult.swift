import Clibpq

/// What one statement returned. Rows stay in libpq's memory and are read in place.
///
/// ```swift
/// let result = try await connection.query("select id, name from customers")
/// for row in result { print(row[0].int ?? 0, row["name"]?.string ?? "-") }
/// for (id, name) in try result.decode(as: (Int, String?).self) { ... }
/// ```
package struct QueryResult: Sendable {
    /// One column of a result.
    package struct Column: Sendable, Hashable {
        package let name: String
        /// The type's number in `pg_type`.
        package let typeOID: UInt32
        /// Length or precision, as in `pg_attribute.atttypmod`; -1 where there is none.
        package let typeModifier: Int
    }

    let storage: ResultStorage

    init(_ raw: OpaquePointer) { storage = ResultStorage(raw) }

    package var columns: [Column] { storage.columns }
    /// What the server calls what it did: `INSERT 0 5`, `CREATE TABLE`.
    package var commandTag: String { String(cString: PQcmdStatus(storage.raw)) }
    /// The rows that the statement wrote or returned; 0 where that means nothing.
    package var affectedRows: Int { Int(String(cString: PQcmdTuples(storage.raw))) ?? 0 }
    package var rows: QueryResult { self }

    /// The only cell of the first row, for statements such as `select count(*)`; nil without rows.
    package var scalar: Cell? { isEmpty || columns.isEmpty ? nil : self[0][0] }

    /// All rows as tuples.
    ///
    /// - Throws: ``PostgresError`` with code `postgres.decoding` where a cell is null or not of that type.
    package func decode<each T: CellDecodable>(as type: (repeat each T).Type) throws(PostgresError) -> [(repeat each T)] {
        var tuples: [(repeat each T)] = []
        tuples.reserveCapacity(count)
        for row in self { tuples.append(try row.decode(as: type)) }
        return tuples
    }
}

extension QueryResult: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { storage.rowCount }
    package subscript(position: Int) -> Row {
        precondition(position >= 0 && position < storage.rowCount, "row \(position) of \(storage.rowCount)")
        return Row(storage: storage, index: Int32(position))
    }
}
