import Postgres
import Records

/// The table that takes the rows of a sync before they are published.
///
/// It is made in the transaction of the sync and so nobody else ever sees it; if the sync dies, at whatever point, the
/// server takes it away. There are no left-overs to clean.
struct StagingTable {
    let name: TableName
    private let columns: [ColumnMapping]
    /// Whether it holds documents.
    private let isRaw: Bool
    /// Whether it lives on beyond a transaction.
    private(set) var isLasting = false

    init(for request: WriteRequest) {
        // Unique, because two transactions cannot both hold the same name; short, because names end at 63 bytes.
        name = TableName(schema: request.table.schema, name: "_leat_\(request.attemptID)_\(request.table.name.hashedName)")
        columns = request.columns
        isRaw = request.documentColumns != nil
    }

    /// A table with the columns of the request and the meta columns, by its own name.
    init(named name: TableName, for request: WriteRequest) {
        self.name = name
        columns = request.columns
        isRaw = request.documentColumns != nil
    }

    /// The table that takes a stream in parts, over several transactions and, if need be, several syncs.
    init(forPartsOf request: WriteRequest) {
        let owner = "\(request.connection) \(request.stream) \(request.table)"
        name = TableName(schema: request.table.schema, name: "_leat_parts_\(owner.hashedName)")
        columns = request.columns
        isRaw = request.documentColumns != nil
        isLasting = true
    }

    var quoted: String { quoteIdentifier(schema: name.schema, name.name) }

    var creation: String {
        if isRaw { return "create table \(quoted) (\(RawTable.definitions))" }
        let definitions =
            columns.map { "\(quoteIdentifier($0.name)) \($0.type)" }
            + MetaColumn.allCases.map { "\(quoteIdentifier($0.name)) \($0.postgresType) not null" }
        return "create table \(quoted) (\(definitions.joined(separator: ", ")))"
    }

    /// Rows are frozen at once: only this transaction can see them before the commit, and after it everybody shall see
    /// them, also who has an older snapshot and would otherwise find the table empty. It also spares the first reader and
    /// the first vacuum from writing every page again.
    ///
    /// A table that is older than the transaction cannot have them.
    ///
    /// - Parameter stamped: the meta columns that come with the rows; the others have defaults.
    func copy(stamped: [MetaColumn]) -> String {
        let names = (columns.map(\.name) + stamped.map(\.name)).map { quoteIdentifier($0) }.joined(separator: ", ")
        return "copy \(quoted) (\(names)) from stdin (format binary\(isLasting ? "" : ", freeze"))"
    }

    /// Has the server itself fill the meta columns that are the same in all rows: reading a document for each row is what would
    /// cost it most of all that a sync adds to a plain copy.
    func fillConstants(syncID: Int, generation: Int) -> String {
        let meta = quoteLiteral(MetaColumn.document(syncID: syncID))
        return """
            alter table \(quoted) alter column \(quoteIdentifier(MetaColumn.meta.name)) set default \(meta)::jsonb, \
            alter column \(quoteIdentifier(MetaColumn.generationID.name)) set default \(generation)
            """
    }

    /// The finished table has no defaults: whoever adds to it says what it adds.
    var stopFilling: String {
        let names = [MetaColumn.meta, .generationID].map { quoteIdentifier($0.name) }
        return "alter table \(quoted) " + names.map { "alter column \($0) drop default" }.joined(separator: ", ")
    }

    /// All columns, quoted, in order.
    var columnList: String {
        (columns.map(\.name) + MetaColumn.allCases.map(\.name)).map { quoteIdentifier($0) }.joined(separator: ", ")
    }

    /// All columns with their types as `format_type` would write them.
    func columns(on connection: BlockingConnection) throws(ConnectorError) -> [TargetTable.Column] {
        try TargetTable.find(name, on: connection)?.columns ?? []
    }
}
