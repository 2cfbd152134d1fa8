import Documents
import Records

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A session with an external destination.
///
/// Each stream is a process: it is fed the stream's records, then a state, and once it has sent that state back and has ended
/// well, what was written counts as written. A sync that is killed between the two sends the rows once more.
final class ExternalDestinationSession: DestinationSession {
    private let connector: ExternalConnector
    private let conversation: ExternalConversation
    private var lockFile: Int32?
    private var write: Write?

    /// What ``begin(_:)`` began.
    private struct Write {
        var request: WriteRequest
        var state: StreamState
        var position: CursorPosition?
        var exchange: ExternalExchange?
        var records: RecordWriter
        var hasConfirmed = false
    }

    private(set) var rowsLoaded = 0

    init(_ connector: ExternalConnector, _ options: SessionOptions) {
        self.connector = connector
        conversation = ExternalConversation(connector, options)
    }

    var interrupt: Interrupt { conversation.interrupt }
    var databaseIdentity: String? { nil }
    var wantsOrder: Bool { true }

    private func states(_ connection: String) -> ExternalStateFile {
        ExternalStateFile(folder: connector.config.folder, connection: connection)
    }

    func check() throws(ConnectorError) -> CheckReport { try conversation.check() }

    func lock(connection: String, wait: Duration, onWait: (String) -> Void) throws(ConnectorError) {
        let deadline = ContinuousClock.now + wait
        var hasTold = false
        while true {
            lockFile = states(connection).lock()
            if lockFile != nil { return }
            if !hasTold { onWait("another process") }
            hasTold = true
            guard ContinuousClock.now < deadline, !conversation.options.isCancelled() else {
                throw ConnectorError(
                    .busy, "another sync of connection '\(connection)' is running", hint: "wait until it ends",
                    failureType: .transient)
            }
            BlockingThread.sleep(.milliseconds(100))
        }
    }

    func prepare(connection: String, schemas: [String]) throws(ConnectorError) -> Int { states(connection).lastSync + 1 }

    func mapColumns(of streams: [DiscoveredStream]) throws(ConnectorError) -> [[ColumnMapping]] {
        streams.map { stream in
            RecordWriter.columns(stream.fields).map { column in
                var column = column
                column.type = column.field.type.rawValue
                if let native = column.field.nativeType, column.field.type == .string, !native.name.hasPrefix("character"),
                    native.name != "text"
                {
                    column.note = "\(column.name): \(native.name) arrives as text (the connector speaks JSON)"
                }
                return column
            }
        }
    }

    func forecast(_ request: WriteRequest) throws(ConnectorError) -> WriteForecast {
        let state = state(for: request)
        var forecast = WriteForecast(
            publication: request.mode.isDeduplicated ? .merged : request.mode.replacesTable ? .swapped : .appended)
        forecast.cursor = state.cursor
        return forecast
    }

    func written(_ request: WriteRequest) throws(ConnectorError) -> WrittenStream? { nil }
    func digester(_ request: DigestRequest) throws(ConnectorError) -> (any RowDigester)? { nil }

    private func state(for request: WriteRequest) -> StreamState {
        let entry = states(request.connection).entry(request.stream)
        let generation = entry?["generation"]?.int ?? 0
        guard let entry, generation > 0, !request.mode.replacesTable else { return StreamState(generation: generation + 1) }
        guard request.mode.isIncremental else { return StreamState(generation: generation, isAdding: true) }
        let cursor =
            entry["cursor"]?["cursor_field"]?[0]?.string == request.cursorField ? entry["cursor"]?["cursor"]?.string : nil
        return StreamState(generation: generation, cursor: cursor, sourceState: entry["source_state"], isAdding: true)
    }

    func begin(_ request: WriteRequest) throws(ConnectorError) -> StreamState {
        if request.refresh != nil {
            throw ConnectorError(
                .unsupported, "\(connector.owner) is a program of its own; its streams cannot be refreshed one by one",
                hint: "sync the stream once with full_refresh_overwrite")
        }
        let state = state(for: request)
        let name = Self.descriptor(request)
        var position: CursorPosition?
        if let cursor = request.cursorField, request.mode.isIncremental {
            position = CursorPosition(stream: name, field: cursor, states(request.connection).entry(request.stream)?["cursor"])
        }
        let records = RecordWriter(
            name, fields: request.columns.map(\.field), cursorField: position == nil ? nil : request.cursorField,
            hasChanges: request.hasChanges)
        rowsLoaded = 0
        let exchange = try conversation.begin(
            ["write"], files: [("--catalog", ["streams": [Self.configured(request, state)]])], hasInput: true)
        write = Write(request: request, state: state, position: position, exchange: exchange, records: records)
        return state
    }

    private static func descriptor(_ request: WriteRequest) -> StreamDescriptor {
        StreamDescriptor(namespace: request.table.schema.isEmpty ? nil : request.table.schema, name: request.table.name)
    }

    private static func configured(_ request: WriteRequest, _ state: StreamState) -> JSON {
        var stream = DiscoveredStream(descriptor: descriptor(request), kind: .table, fields: request.columns.map(\.field))
        stream.primaryKey = request.primaryKey
        var members = JSON.Members()
        members["stream"] = AirbyteCatalog.json(of: Catalog(streams: [stream]))["streams"]?[0] ?? .null
        members["sync_mode"] = request.mode.isIncremental ? "incremental" : "full_refresh"
        members["destination_sync_mode"] =
            request.mode.isDeduplicated ? "append_dedup" : request.mode.replacesTable ? "overwrite" : "append"
        members["cursor_field"] = .array(request.cursorField.map { [.string($0)] } ?? [])
        members["primary_key"] = .array(request.primaryKey.map { [.string($0)] })
        members["generation_id"] = .int(state.generation)
        members["minimum_generation_id"] = .int(request.mode.replacesTable ? state.generation : 0)
        members["sync_id"] = .int(request.syncID)
        return .object(members)
    }

    func load(_ read: (_ append: Append, _ checkpoint: Checkpoint) throws -> Void) throws -> Int {
        guard let begun = write, let exchange = begun.exchange else { throw Self.notBegun }
        var records = begun.records
        var position = begun.position
        var lines: [UInt8] = []
        func flush() throws {
            try exchange.send(lines) { try takeAnswer($0) }
            lines.removeAll(keepingCapacity: true)
        }
        func add(_ line: [UInt8]) {
            lines += line
            lines.append(0x0A)
            rowsLoaded += 1
        }
        lines += AirbyteMessage.status(Self.descriptor(begun.request), .started).bytes() + [0x0A]
        try read({ piece in
            try records.take(piece) { line, cursor in
                guard position != nil else { return add(line) }
                for line in position?.take(line, cursor) ?? [] { add(line) }
            }
            if lines.count >= 64 << 10 { try flush() }
        }) { _, _ in
            throw ConnectorError(.unsupported, "\(connector.owner) takes no checkpoints")
        }
        try records.finish()
        for line in position?.finish() ?? [] { add(line) }
        try flush()
        write?.position = position
        return rowsLoaded
    }

    private func takeAnswer(_ line: ConnectorLine) throws -> Bool {
        guard let message = line.message else { return false }
        if message["type"] == "STATE",
            message["state"]?["stream"]?["stream_state"]?["attempt"]?.string == write?.request.attemptID
        {
            write?.hasConfirmed = true
        }
        return true
    }

    func commit(sourceState: JSON?) throws(ConnectorError) -> WriteOutcome {
        guard let write, let exchange = write.exchange else { throw Self.notBegun }
        let request = write.request
        let name = Self.descriptor(request)
        do {
            let state: JSON = ["attempt": .string(request.attemptID)]
            try exchange.send(AirbyteMessage.state(name, state, records: rowsLoaded).bytes() + [0x0A]) { try takeAnswer($0) }
            try exchange.send(AirbyteMessage.status(name, .complete).bytes() + [0x0A]) { try takeAnswer($0) }
            try exchange.finish { try takeAnswer($0) }
        } catch let error as ConnectorError {
            throw error
        } catch {
            throw ConnectorError(.destination, "writing \(request.table) was stopped", failureType: .transient)
        }
        guard self.write?.hasConfirmed == true else {
            throw ConnectorError(
                .destination,
                "\(connector.owner) ended well, but did not send the state back that says that \(request.table) is written",
                failureType: .system)
        }
        self.write = nil
        var entry = JSON.Members([("generation", .int(write.state.generation))])
        if let position = write.position { entry["cursor"] = position.state }
        if let state = sourceState ?? write.state.sourceState { entry["source_state"] = state }
        try states(request.connection).save(.object(entry), of: request.stream, syncID: request.syncID)
        return WriteOutcome(
            publication: request.mode.isDeduplicated ? .merged : request.mode.replacesTable ? .swapped : .appended,
            rowsCommitted: rowsLoaded, generation: write.state.generation, notes: request.columns.compactMap(\.note))
    }

    func rollback() {
        write?.exchange?.abandon()
        write = nil
    }

    func close() {
        rollback()
        conversation.close()
        if let lockFile { _ = Self.closing(lockFile) }
        lockFile = nil
    }

    private static func closing(_ file: Int32) -> Int32 {
        #if canImport(Darwin)
            Darwin.close(file)
        #else
            Glibc.close(file)
        #endif
    }

    private static var notBegun: ConnectorError { ConnectorError(.destination, "nothing was begun", failureType: .system) }
}
