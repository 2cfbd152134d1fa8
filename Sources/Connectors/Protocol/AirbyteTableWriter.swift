import Documents
import Postgres
import Records

/// Writes one stream of an Airbyte destination into its table, laid out as Airbyte's direct-load tables, batch by batch, each
/// in a transaction of its own: what was flushed is durable.
///
/// Rows of a refresh that replaces what is there (all generations below the minimum go) gather in a table beside, which takes
/// the place of the old one when the stream is complete. A refresh that was interrupted goes on with that table.
final class AirbyteTableWriter {
    let stream: ConfiguredCatalog.Stream
    private let connection: BlockingConnection
    private let request: WriteRequest
    private let dropsDependents: Bool
    private var encoder: RecordEncoder
    private var ids = RawIDGenerator()
    private let metaPrefix: [UInt8]
    /// Tuples that were not written yet.
    private var pending: [UInt8] = []
    private var pendingRows = 0
    /// Records since the last state.
    private(set) var sinceState = 0
    /// What became of the stream at the source.
    var status: AirbyteMessage.StreamStatus?

    var pendingBytes: Int { pending.count }
    private var isReplacing: Bool {
        stream.minimumGeneration > 0 || stream.destinationMode == .overwrite || stream.destinationMode == .overwriteDedup
    }
    private var isDeduplicated: Bool { request.mode.isDeduplicated }
    private var target: String { quoteIdentifier(schema: request.table.schema, request.table.name) }

    init(
        _ stream: ConfiguredCatalog.Stream, columns: [ColumnMapping], destination: PostgresDestination,
        connection: BlockingConnection
    ) throws(ConnectorError) {
        guard stream.minimumGeneration == 0 || stream.minimumGeneration == stream.generation else {
            throw ConnectorError(
                .configuration,
                "the stream \(stream.descriptor) has the minimum_generation_id \(stream.minimumGeneration); it must be 0 or its generation_id \(stream.generation)"
            )
        }
        let isDeduplicated = [.appendDedup, .overwriteDedup, .update].contains(stream.destinationMode)
        guard !isDeduplicated || !stream.primaryKey.isEmpty else {
            throw ConnectorError(.configuration, "the stream \(stream.descriptor) is to be deduplicated and has no primary_key")
        }
        self.stream = stream
        self.connection = connection
        dropsDependents = destination.dropsDependents
        encoder = RecordEncoder(columns: columns)
        metaPrefix = Array("{\"sync_id\":\(stream.syncID),\"changes\":".utf8)
        let replaces =
            stream.minimumGeneration > 0 || stream.destinationMode == .overwrite || stream.destinationMode == .overwriteDedup
        let isRaw = destination.rawSchema != nil
        var request = WriteRequest(
            connection: "", stream: stream.descriptor,
            table: destination.place(
                of: TableName(
                    schema: (stream.descriptor.namespace ?? destination.defaultNamespace).fittedName,
                    name: (stream.objectName ?? stream.descriptor.name).fittedName)),
            columns: isRaw ? RawTable.columns : columns,
            mode: replaces
                ? (isDeduplicated ? .fullRefreshOverwriteDeduped : .fullRefreshOverwrite)
                : (isDeduplicated ? .incrementalAppendDeduped : .incrementalAppend),
            primaryKey: isDeduplicated ? stream.primaryKey : [], cursorField: isDeduplicated ? stream.cursorField : nil,
            syncID: stream.syncID, attemptID: "refresh", extractedAt: 0, lockWait: .seconds(60))
        if isRaw {
            request = request.undeduplicated
            request.documentColumns = columns
        }
        self.request = request
    }

    /// Where batches go: the table itself, or the one beside it.
    private var refresh: StagingTable { StagingTable(for: request) }
    private var publisher: Publisher {
        Publisher(connection: connection, request: request, staging: refresh, dropsDependents: dropsDependents)
    }

    /// Makes what the first batch needs.
    func begin() throws(ConnectorError) {
        try transaction("preparing the table \(request.table)") { () throws(ConnectorError) in
            let left = try TargetTable.find(refresh.name, on: connection)
            if isReplacing {
                if let left, try !isContinued(left) { try run("drop table \(left.quoted)") }
                if try TargetTable.find(refresh.name, on: connection) == nil { try run(refresh.creation) }
                return
            }
            if try TargetTable.find(request.table, on: connection) == nil {
                try run(StagingTable(named: request.table, for: request).creation)
            }
            try adaptColumns()
            guard let left else { return }
            // A refresh that was given up: what it had said to be safe is kept, unless a newer one has begun since.
            if try isContinued(left) { try moveRows() }
            try run("drop table if exists \(left.quoted)")
        }
        if !isReplacing, isDeduplicated { try publisher.indexKey() }
    }

    /// Whether the rows of an interrupted refresh belong to this generation.
    private func isContinued(_ table: TargetTable) throws(ConnectorError) -> Bool {
        let names = Set(table.columns.map(\.name))
        guard stream.generation > 0, request.columns.allSatisfy({ names.contains($0.name) }) else { return false }
        let others = try run(
            "select exists (select from \(table.quoted) where _airbyte_generation_id <> \(stream.generation))")
        return others.scalar?.bool == false
    }

    /// Gives the table the columns that it lacks, and those whose type has changed their new type.
    private func adaptColumns() throws(ConnectorError) {
        guard let table = try TargetTable.find(request.table, on: connection) else { return }
        let old = Dictionary(table.columns.map { ($0.name, $0.type) }) { first, _ in first }
        var changes: [String] = []
        for column in request.columns {
            let name = quoteIdentifier(column.name)
            guard let type = old[column.name] else {
                changes.append("add column \(name) \(column.type)")
                continue
            }
            guard type != column.type else { continue }
            let value =
                column.type == "jsonb"
                ? "to_jsonb(\(name))" : type == "jsonb" ? "(\(name) #>> '{}')::\(column.type)" : "\(name)::text::\(column.type)"
            changes.append("alter column \(name) type \(column.type) using \(value)")
        }
        guard !changes.isEmpty else { return }
        do {
            try connection.execute("alter table \(target) \(changes.joined(separator: ", "))")
        } catch {
            throw ConnectorError(
                .conflict, while: "the table \(request.table) cannot take the columns that the source has now", error,
                hint: "refresh the stream and remove its records, or drop what depends on the column")
        }
    }

    /// Takes a record.
    func append(_ line: ConnectorLine, _ record: ConnectorLine.Record) throws(ConnectorError) {
        let start = pending.count
        RecordEncoder.append(UInt16(request.columns.count + 4), to: &pending)
        guard let notes = appendFields(line, record) else {
            pending.removeSubrange(start...)
            throw ConnectorError(.integrity, "the data of a record of \(stream.descriptor) is no object", failureType: .system)
        }
        RecordEncoder.append(UInt32(RawIDGenerator.length), to: &pending)
        let id = pending.count
        pending.append(contentsOf: repeatElement(0, count: RawIDGenerator.length))
        pending.withUnsafeMutableBytes { ids.write(to: UnsafeMutableRawBufferPointer(rebasing: $0[id...])) }
        RecordEncoder.append(UInt32(8), to: &pending)
        // PostgreSQL counts from 2000.
        RecordEncoder.append(Int64((record.emittedAt ?? PostgresSourceSession.now()) - 946_684_800_000_000), to: &pending)
        let changes = JSON.array(notes).bytes()
        RecordEncoder.append(UInt32(metaPrefix.count + changes.count + 2), to: &pending)
        pending.append(1)
        pending += metaPrefix
        pending += changes
        pending.append(UInt8(ascii: "}"))
        RecordEncoder.append(UInt32(8), to: &pending)
        RecordEncoder.append(Int64(stream.generation), to: &pending)
        pendingRows += 1
        sinceState += 1
    }

    /// Appends the fields of a record, or, for a raw table, its document.
    /// - Returns: what was changed in it; nil if it is no object.
    private func appendFields(_ line: ConnectorLine, _ record: ConnectorLine.Record) -> [JSON]? {
        guard request.documentColumns != nil else {
            return encoder.appendFields(line.scanner, data: record.data, known: record.changes, to: &pending)
        }
        var notes = record.changes
        guard let document = RawTable.document(line.scanner, record.data, &notes) else { return nil }
        // It has not been loaded into another table.
        RecordEncoder.append(UInt32.max, to: &pending)
        RecordEncoder.append(UInt32(document.count), to: &pending)
        pending += document
        return notes
    }

    /// The number of records since the last call.
    func takeCount() -> Int {
        defer { sinceState = 0 }
        return sinceState
    }

    /// Makes all records so far durable.
    func flush() throws(ConnectorError) {
        guard pendingRows > 0 else { return }
        try transaction("writing \(request.table)") { () throws(ConnectorError) in
            if isReplacing {
                try copy(into: refresh.quoted)
            } else if isDeduplicated {
                try run("create table \(batch.quoted) (like \(target) including defaults)")
                try copy(into: batch.quoted)
                try mergeBatch()
            } else {
                try copy(into: target)
            }
        }
        pending.removeAll(keepingCapacity: pending.count < 32 << 20)
        pendingRows = 0
    }

    private var batch: StagingTable {
        var request = request
        request.attemptID = "batch"
        return StagingTable(for: request)
    }

    private var columnList: String {
        (request.columns.map(\.name) + MetaColumn.allCases.map(\.name)).map { quoteIdentifier($0) }.joined(separator: ", ")
    }

    private func copy(into table: String) throws(ConnectorError) {
        do {
            let rows = try connection.copyIn("copy \(table) (\(columnList)) from stdin (format binary)") { writer in
                try writer.write(RecordEncoder.header)
                try writer.write(pending)
                try writer.write(RecordEncoder.trailer)
            }
            guard rows == pendingRows else {
                throw ConnectorError(
                    .integrity, "\(pendingRows) records of \(stream.descriptor) were sent and \(rows) arrived",
                    failureType: .system)
            }
        } catch let error as PostgresError {
            throw ConnectorError(.destination, while: "writing \(request.table)", error)
        } catch let error as ConnectorError {
            throw error
        } catch {
            throw ConnectorError(.destination, "writing \(request.table): \(error)", failureType: .system)
        }
    }

    /// Puts the latest row of each key in the place of the one that is there, unless that has a greater cursor.
    private func mergeBatch() throws(ConnectorError) {
        let merger = Publisher(connection: connection, request: request, staging: batch, dropsDependents: false)
        try deduplicate(merger)
        let match = request.primaryKey.map { "old.\(quoteIdentifier($0)) = new.\(quoteIdentifier($0))" }.joined(
            separator: " and ")
        if let cursor = request.cursorField.map({ quoteIdentifier($0) }) {
            try run("delete from \(batch.quoted) new using \(target) old where \(match) and old.\(cursor) > new.\(cursor)")
        }
        try run("delete from \(target) old using \(batch.quoted) new where \(match)")
        try run("insert into \(target) (\(columnList)) select \(columnList) from \(batch.quoted)")
        try run("drop table \(batch.quoted)")
    }

    private func deduplicate(_ publisher: Publisher) throws(ConnectorError) {
        do {
            _ = try publisher.deduplicate()
        } catch {
            throw ConnectorError(.destination, while: "deduplicating \(request.table)", error)
        }
    }

    /// Moves the rows of a refresh that was given up into the table.
    private func moveRows() throws(ConnectorError) {
        if isDeduplicated {
            try run("alter table \(refresh.quoted) rename to \(quoteIdentifier(batch.name.name))")
            try mergeBatch()
        } else {
            try run("insert into \(target) (\(columnList)) select \(columnList) from \(refresh.quoted)")
        }
    }

    /// Ends the stream: a refresh that is complete takes the place of what was there.
    func finish() throws(ConnectorError) {
        try flush()
        guard isReplacing, status == .complete else { return }
        try transaction("publishing \(request.table)") { () throws(ConnectorError) in
            if isDeduplicated { try deduplicate(publisher) }
            _ = try publisher.replace(try TargetTable.find(request.table, on: connection))
        }
    }

    @discardableResult
    private func run(_ sql: String) throws(ConnectorError) -> QueryResult {
        do {
            return try connection.execute(sql)
        } catch {
            throw ConnectorError(.destination, while: "writing \(request.table)", error)
        }
    }

    private func transaction(_ what: String, _ body: () throws(ConnectorError) -> Void) throws(ConnectorError) {
        do {
            try run("begin")
            try AdvisoryLock("table", "\(request.table)", label: "table \(request.table)", scope: .transaction)
                .take(on: connection, wait: request.lockWait)
            try body()
            try run("commit")
        } catch {
            if connection.isUsable { _ = try? connection.execute("rollback") }
            throw error
        }
    }
}
