import Postgres
import Records

/// A stream in parts: each part and the note that it is there are one transaction, and so is the publication of all of them.
/// Until that, the rows lie in a staging table of the stream's own.
extension PostgresDestinationSession {
    private var parts: PartStore { PartStore(connection: connection) }

    func beginParts(_ request: WriteRequest, identity: String) throws(ConnectorError) -> PartialLoad? {
        let request = adapted(request)
        let staging = StagingTable(forPartsOf: request)
        let target = try TargetTable.find(request.table, on: connection)
        let columns = isRaw ? [] : request.columns.map { TargetTable.Column(name: $0.name, type: $0.type) }
        let state = try state(for: request, target: target, columns: columns)
        guard !state.isAdding else { return nil }
        // What decides about the rows that come.
        let identity = "\(identity) into \(request.columns.map(Self.identity).joined(separator: ", "))"
        do {
            try parts.create()
            if let load = try parts.load(request) {
                let isThere = try connection.query("select to_regclass($1)", [.string(staging.quoted)]).scalar?.isNull == false
                if load.table == staging.quoted, load.identity == identity, load.generation == state.generation, isThere {
                    return PartialLoad(
                        generation: load.generation, syncID: load.syncID, loaded: try parts.parts(request), note: state.note)
                }
            }
            let load = PartStore.Load(
                table: staging.quoted, identity: identity, generation: state.generation, syncID: request.syncID)
            try connection.execute("begin")
            if let old = try parts.load(request) { try connection.execute("drop table if exists \(old.table)") }
            try parts.removeAll(request)
            try connection.execute(
                """
                drop table if exists \(staging.quoted); \(staging.creation); \
                \(staging.fillConstants(syncID: load.syncID, generation: load.generation))
                """)
            try parts.begin(load, request)
            try connection.execute("commit")
            return PartialLoad(generation: load.generation, syncID: load.syncID, loaded: [], note: state.note)
        } catch {
            rollback()
            throw ConnectorError(.destination, while: "making a table in the schema \(request.table.schema)", error)
        }
    }

    /// Another key makes other rows.
    private static func identity(of column: ColumnMapping) -> String {
        let encryption = column.field.encryption.map { " \($0) \("\($0.algorithm)".hashedName)" } ?? ""
        return "\(column.name) \(column.type)\(encryption)"
    }

    func discard(_ gone: [LoadedPart], of request: WriteRequest) throws(ConnectorError) {
        guard !gone.isEmpty else { return }
        let staging = StagingTable(forPartsOf: request)
        let stamps = gone.map { "'epoch'::timestamptz + \($0.extractedAt) * interval '1 microsecond'" }.joined(separator: ", ")
        do {
            try connection.execute(
                "begin; delete from \(staging.quoted) where \(quoteIdentifier(MetaColumn.extractedAt.name)) in (\(stamps))")
            for part in gone { try parts.remove(part, request) }
            try connection.execute("commit")
        } catch {
            rollback()
            throw ConnectorError(.destination, while: "writing \(request.table)", error)
        }
    }

    func loadPart(
        _ part: LoadedPart, of request: WriteRequest, _ load: PartialLoad, _ read: (_ append: Append, Checkpoint) throws -> Void
    ) throws -> Int {
        var request = adapted(request)
        request.extractedAt = part.extractedAt
        request.syncID = load.syncID
        func failed(_ error: PostgresError) -> ConnectorError {
            ConnectorError(.destination, while: "writing \(request.table)", error)
        }
        do {
            try connection.execute("begin")
            write = Write(
                request: request, staging: StagingTable(forPartsOf: request), target: nil,
                state: StreamState(generation: load.generation))
            let rows = try self.load(read)
            var part = part
            part.rows = rows
            try parts.add(part, request)
            try connection.execute("commit")
            write = nil
            return rows
        } catch let error as PostgresError {
            throw failed(error)
        }
    }

    func commitParts(of request: WriteRequest, _ load: PartialLoad, rows: Int) throws(ConnectorError) -> WriteOutcome {
        do {
            try connection.execute("begin")
        } catch {
            throw ConnectorError(.destination, while: "publishing \(request.table)", error)
        }
        try AdvisoryLock("table", "\(request.table)", label: "table \(request.table)", scope: .transaction)
            .take(on: connection, wait: request.lockWait)
        var request = adapted(request)
        request.syncID = load.syncID
        let target = try TargetTable.find(request.table, on: connection)
        let staging = StagingTable(forPartsOf: request)
        do {
            try connection.execute(staging.stopFilling)
        } catch {
            throw ConnectorError(.destination, while: "publishing \(request.table)", error)
        }
        let write = Write(
            request: request, staging: staging, target: target,
            state: StreamState(generation: load.generation, note: load.note))
        let outcome = try publish(write, rows: rows, sourceState: nil)
        do {
            try parts.removeAll(request)
        } catch {
            throw ConnectorError(.destination, while: "publishing \(request.table)", error)
        }
        try commitTransaction(request)
        return outcome
    }

    /// Takes away what a sync in parts left that did not come to its end; in the transaction under way.
    func dropParts(of request: WriteRequest) throws(ConnectorError) {
        do {
            guard try parts.exists(), let load = try parts.load(request) else { return }
            try connection.execute("drop table if exists \(load.table)")
            try parts.removeAll(request)
        } catch {
            throw ConnectorError(.destination, while: "taking away parts of \(request.table)", error)
        }
    }
}
