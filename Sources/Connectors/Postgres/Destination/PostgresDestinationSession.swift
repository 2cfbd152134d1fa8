import Diagnostics
import Documents
import Postgres
import Records

/// A session with a Postgres destination.
///
/// A stream is one transaction: staging table, COPY, publication and state. So there is no instant at which a kill
/// leaves half of anything, and nothing to tidy up afterwards.
final class PostgresDestinationSession: DestinationSession {
    let destination: PostgresDestination
    private let options: SessionOptions
    let connection: BlockingConnection

    /// What ``begin(_:)`` began.
    struct Write {
        var request: WriteRequest
        var staging: StagingTable
        var target: TargetTable?
        var state: StreamState
    }
    var write: Write?
    /// What was committed last.
    private(set) var lastRequest: WriteRequest?
    var stamper: CopyStamper?

    init(_ destination: PostgresDestination, _ options: SessionOptions, _ connection: BlockingConnection) {
        self.destination = destination
        self.options = options
        self.connection = connection
    }

    var interrupt: Interrupt { connection.interrupt }
    var databaseIdentity: String? { get throws(ConnectorError) { try PostgresEndpoint.identity(connection) } }
    var rowsLoaded: Int { stamper?.rows ?? 0 }
    var takesRanges: Bool { true }
    var takesCheckpoints: Bool { true }
    var states: StreamStateStore { StreamStateStore(connection: connection) }

    func lock(connection name: String, wait: Duration, onWait: (String) -> Void) throws(ConnectorError) {
        let lock = AdvisoryLock("connection", name, label: "connection '\(name)'", scope: .session)
        try lock.take(on: connection, wait: wait, onWait: onWait)
    }

    func prepare(connection name: String, schemas: [String]) throws(ConnectorError) -> Int {
        let user = quoteIdentifier(destination.endpoint.options.user)
        let grant = "grant create on database \(quoteIdentifier(destination.endpoint.options.database)) to \(user)"
        do {
            try states.create()
        } catch {
            throw ConnectorError(
                .destination, while: "making the schema \(StreamStateStore.schema), which keeps the state of syncs", error,
                hint: error.sqlState == .insufficientPrivilege ? grant : nil)
        }
        do {
            for schema in schemas { try connection.createSchemaIfMissing(schema) }
        } catch {
            throw ConnectorError(
                .destination, while: "making the schema of the streams", error,
                hint: error.sqlState == .insufficientPrivilege ? grant : nil)
        }
        do {
            return try states.nextSyncID(connection: name)
        } catch {
            throw stateFailure(error)
        }
    }

    /// Why the state of syncs cannot be read.
    func stateFailure(_ error: PostgresError) -> ConnectorError {
        let (schema, user) = (StreamStateStore.schema, quoteIdentifier(destination.endpoint.options.user))
        let grant =
            "grant usage on schema \(schema) to \(user); grant select, insert, update on all tables in schema \(schema) to \(user)"
        return ConnectorError(
            .destination, while: "reading the state of syncs", error,
            hint: error.sqlState == .insufficientPrivilege ? grant : nil)
    }

    func mapColumns(of streams: [DiscoveredStream]) throws(ConnectorError) -> [[ColumnMapping]] {
        let mapper = try PostgresTypeMapper(streams: streams, connection: connection)
        return streams.map { $0.fields.map(mapper.column) }
    }

    var isRaw: Bool { destination.rawSchema != nil }

    /// The request as this destination's tables take it.
    func adapted(_ request: WriteRequest) -> WriteRequest { isRaw ? request.undeduplicated : request }

    func begin(_ request: WriteRequest) throws(ConnectorError) -> StreamState {
        let request = adapted(request)
        do {
            try connection.execute("begin")
        } catch {
            throw ConnectorError(.destination, while: "beginning to write \(request.table)", error)
        }
        try AdvisoryLock("table", "\(request.table)", label: "table \(request.table)", scope: .transaction)
            .take(on: connection, wait: request.lockWait)
        try dropParts(of: request)
        let staging = StagingTable(for: request)
        let target = try TargetTable.find(request.table, on: connection)
        do {
            try connection.execute(staging.creation)
        } catch {
            throw ConnectorError(
                .destination, while: "making a table in the schema \(request.table.schema)", error,
                hint: error.sqlState == .insufficientPrivilege
                    ? "grant create, usage on schema \(quoteIdentifier(request.table.schema)) to \(quoteIdentifier(destination.endpoint.options.user))"
                    : nil)
        }
        var state = try state(for: request, target: target, columns: isRaw ? [] : try staging.columns(on: connection))
        state.isNew = target == nil
        write = Write(request: request, staging: staging, target: target, state: state)
        return state
    }

    func commit(sourceState: JSON?) throws(ConnectorError) -> WriteOutcome {
        guard let write else { throw Self.notBegun }
        lastRequest = write.request
        defer { self.write = nil }
        let outcome = try publish(write, rows: rowsLoaded, sourceState: sourceState)
        try commitTransaction(write.request)
        return outcome
    }

    /// Makes the rows of the staging table those of the table and writes the state, in the transaction under way.
    func publish(_ write: Write, rows: Int, sourceState: JSON?) throws(ConnectorError) -> WriteOutcome {
        let request = write.request
        var publisher = Publisher(
            connection: connection, request: request, staging: write.staging, dropsDependents: destination.dropsDependents)
        var outcome = WriteOutcome(
            publication: .created, rowsCommitted: rows, generation: write.state.generation,
            notes: request.columns.compactMap(\.note) + [write.state.note].compactMap(\.self))
        var cursor = write.state.cursor
        do {
            if let field = request.cursorField {
                cursor = try publisher.lastCursor(field) ?? cursor
            }
            if request.mode.isDeduplicated { outcome.rowsCommitted -= try publisher.deduplicate() }
            if isRaw { publisher = try publisher.withDocuments() }
        } catch {
            throw ConnectorError(.destination, while: "ordering the rows of \(request.table)", error)
        }
        if let target = write.target, write.state.isAdding {
            outcome.rowsCommitted -= try publisher.add(
                to: target, after: request.isContinued ? nil : write.state.cursor)
            outcome.publication = request.mode.isDeduplicated ? .merged : .appended
        } else {
            outcome.publication = try publisher.replace(write.target)
            if request.mode == .incrementalAppendDeduped { try publisher.indexKey() }
        }
        do {
            try states.save(
                request, generation: outcome.generation, cursor: cursor, sourceState: sourceState ?? write.state.sourceState,
                rows: outcome.rowsCommitted)
        } catch {
            throw ConnectorError(.destination, while: "writing the state of \(request.stream)", error)
        }
        return outcome
    }

    /// A connection that is lost while it commits leaves open whether it did; the state, which tells one attempt from
    /// another, says so.
    func commitTransaction(_ request: WriteRequest) throws(ConnectorError) {
        do {
            try connection.execute("commit")
        } catch {
            let failure = ConnectorError(.destination, while: "committing \(request.table)", error)
            guard error.kind == .connectionLost, !options.isCancelled() else { throw failure }
            do {
                let probe = try destination.endpoint.connect(options, as: "destination")
                let lock = AdvisoryLock("table", "\(request.table)", label: "table \(request.table)", scope: .session)
                // Free once the server has ended the old transaction, one way or the other.
                try lock.take(on: probe, wait: .seconds(10))
                if try StreamStateStore(connection: probe).isCommitted(request) { return }
            } catch {
                throw failure
            }
            throw failure
        }
    }

    func rollback() {
        write = nil
        guard connection.isUsable, connection.transactionStatus != .idle else { return }
        _ = try? connection.execute("rollback")
    }

    func close() { connection.close() }

    static var notBegun: ConnectorError {
        ConnectorError(.destination, "nothing was begun", failureType: .system)
    }
}
