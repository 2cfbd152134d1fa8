import Clibpq

/// Owns a `PGresult`.
///
/// `@unchecked Sendable`: the result is complete when it is wrapped, nothing writes to it afterwards, and libpq allows
/// several threads to read one result; it is freed once, with the last reference.
final class ResultStorage: @unchecked Sendable {
    let raw: OpaquePointer
    let rowCount: Int
    let columns: [QueryResult.Column]
    private let indexes: [String: Int32]

    init(_ raw: OpaquePointer) {
        self.raw = raw
        rowCount = Int(PQntuples(raw))
        columns = (0..<PQnfields(raw)).map { index in
            QueryResult.Column(
                name: String(cString: PQfname(raw, index)), typeOID: PQftype(raw, index), typeModifier: Int(PQfmod(raw, index)))
        }
        indexes = Dictionary(columns.enumerated().map { ($1.name, Int32($0)) }) { first, _ in first }
    }

    deinit { PQclear(raw) }

    func index(ofColumn name: String) -> Int32? { indexes[name] }
}
