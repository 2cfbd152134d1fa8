import Diagnostics
import Documents
import Records

/// The command `read` of a built-in source.
struct SourceProgram {
    let session: any SourceSession
    let writer: MessageWriter
    /// The states that the platform has handed over, a list of messages.
    let states: JSON?

    /// Reads all streams; one that fails does not keep the others from being read.
    /// - Returns: whether all were read.
    func read(_ catalog: ConfiguredCatalog) throws -> Bool {
        _ = try session.beginSnapshot(isShared: false)
        let found = try session.discover(only: catalog.streams.map(\.descriptor))
        var hasFailed = false
        for configured in catalog.streams {
            let stream = configured.descriptor
            do {
                try writer.send(AirbyteMessage.status(stream, .started))
                try read(configured, found)
                try writer.send(AirbyteMessage.status(stream, .complete))
            } catch {
                hasFailed = true
                try writer.send(AirbyteMessage.error(error, stream: stream))
                try writer.send(AirbyteMessage.status(stream, .incomplete))
            }
        }
        return !hasFailed
    }

    private func read(_ configured: ConfiguredCatalog.Stream, _ catalog: Catalog) throws {
        let name = configured.descriptor
        guard let stream = catalog.streams.first(where: { $0.descriptor == name }) else {
            throw ConnectorError(
                .source, "there is no stream \(name)",
                hint: Suggestion.hint(for: "\(name)", in: catalog.streams.map { "\($0.descriptor)" }))
        }
        let wanted = Set(configured.discovered.fields.map(\.name))
        // No properties at all means all of them.
        let fields = wanted.isEmpty ? stream.fields : stream.fields.filter { wanted.contains($0.name) }
        var request = ReadRequest(stream: stream, columns: RecordWriter.columns(fields))
        request.mode = configured.isIncremental ? .incrementalAppend : .fullRefreshAppend
        request.primaryKey = configured.primaryKey
        request.generation = configured.generation
        request.syncID = configured.syncID
        if let rows = stream.estimatedRows { try writer.send(AirbyteMessage.estimate(name, rows: rows)) }
        if session.isExternal {
            request.sourceState = states.flatMap { Self.state(of: name, in: $0) }
            try readWhole(request, configured)
        } else if configured.isIncremental {
            try readByCursor(&request, configured)
        } else {
            try readWhole(request, configured)
        }
    }

    /// Reads with one state at the end.
    private func readWhole(_ request: ReadRequest, _ configured: ConfiguredCatalog.Stream) throws {
        let name = configured.descriptor
        var records = RecordWriter(
            name, fields: request.columns.map(\.field), cursorField: nil, hasChanges: session.sendsChanges)
        try session.read(request) { piece in
            let isFirst = records.records == 0
            try records.take(piece) { line, _ in try writer.line { (output) throws(ConnectorError) in output += line } }
            if isFirst, records.records > 0 { try writer.send(AirbyteMessage.status(name, .running)) }
        }
        try records.finish()
        let state = session.finalState ?? ["__ab_full_refresh_sync_complete": true]
        try writer.send(AirbyteMessage.state(name, state, records: records.records))
    }

    private func readByCursor(_ request: inout ReadRequest, _ configured: ConfiguredCatalog.Stream) throws {
        let name = configured.descriptor
        guard let cursorName = configured.cursorField, let cursor = request.stream.field(named: cursorName) else {
            throw ConnectorError(
                .configuration, "the stream \(name) is to be read incrementally and has no cursor_field that it knows",
                hint: "its columns are \(request.stream.fields.map(\.name).joined(separator: ", "))")
        }
        if !request.columns.contains(where: { $0.name == cursorName }) { request.columns += RecordWriter.columns([cursor]) }
        request.cursorField = cursorName
        request.isOrdered = true
        var position = CursorPosition(stream: name, field: cursorName, states.flatMap { Self.state(of: name, in: $0) })
        if let from = position.value { request.cursor = ReadRequest.Cursor(field: cursor, from: from) }
        var records = RecordWriter(
            name, fields: request.columns.map(\.field), cursorField: cursorName, hasChanges: session.sendsChanges)
        var sent = 0
        func send(_ line: [UInt8]) throws {
            try writer.line { (output) throws(ConnectorError) in output += line }
            sent += 1
            if sent == 1 { try writer.send(AirbyteMessage.status(name, .running)) }
        }
        var told = 0
        try session.read(request) { piece in
            try records.take(piece) { line, value in
                for line in position.take(line, value) { try send(line) }
                if sent - told >= 10_000 {
                    try writer.send(AirbyteMessage.state(name, position.state, records: sent - told))
                    told = sent
                }
            }
        }
        try records.finish()
        for line in position.finish() { try send(line) }
        try writer.send(AirbyteMessage.state(name, position.state, records: sent - told))
    }

    /// The latest state of a stream in a list of state messages.
    static func state(of stream: StreamDescriptor, in states: JSON) -> JSON? {
        for state in (states.array ?? [states]).reversed() {
            let found = state["stream"].map { [$0] } ?? state["global"]?["stream_states"]?.array ?? []
            for entry in found where entry["stream_descriptor"]?["name"]?.string == stream.name {
                let namespace = entry["stream_descriptor"]?["namespace"]?.string
                if namespace == stream.namespace || namespace == nil { return entry["stream_state"] }
            }
        }
        return nil
    }
}
