import Documents
import Records

extension ExternalSourceSession {
    func read(_ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try read(request, body) { _ in }
    }

    /// Reads a stream with a process of its own. What comes is COPY BINARY, with the changes of each row as last field.
    func read(
        _ request: ReadRequest, _ body: (UnsafeRawBufferPointer) throws -> Void, checkpoint: (JSON) throws -> Void
    ) throws {
        var encoder = RecordEncoder(columns: request.columns)
        var output = RecordEncoder.header
        var state = ExternalState(request.stream.descriptor)
        let catalog: JSON = ["streams": [configured(request)]]
        var files = [("--catalog", catalog)]
        if let old = request.sourceState { files.append(("--state", ExternalState.messages(of: old))) }
        try run(["read"], files: files) { line in
            if let record = line.record {
                guard record.stream == request.stream.descriptor.name else { return true }
                guard encoder.append(line.scanner, data: record.data, known: record.changes, to: &output) else {
                    throw ConnectorError(
                        .integrity, "the data of a record of \(record.stream) is no object", failureType: .system)
                }
                if output.count >= 64 << 10 {
                    try output.withUnsafeBytes(body)
                    output.removeAll(keepingCapacity: true)
                }
                return true
            }
            try line.checkIsWhole()
            guard let message = line.message else { return false }
            if message["type"] == "STATE", let news = message["state"], state.take(news), let json = state.json {
                try output.withUnsafeBytes(body)
                output.removeAll(keepingCapacity: true)
                try checkpoint(json)
            }
            return true
        }
        output += RecordEncoder.trailer
        try output.withUnsafeBytes(body)
        finalState = state.json
        changedValues = encoder.changes
    }

    private func configured(_ request: ReadRequest) -> JSON {
        let stream = request.stream
        var members = JSON.Members()
        members["stream"] = stream.definition ?? .null
        members["sync_mode"] = request.mode.isIncremental ? "incremental" : "full_refresh"
        members["destination_sync_mode"] =
            request.mode.isDeduplicated ? "append_dedup" : request.mode.replacesTable ? "overwrite" : "append"
        let cursor = request.cursorField ?? stream.defaultCursorField
        members["cursor_field"] = .array(cursor.map { [.string($0)] } ?? [])
        members["primary_key"] = .array(request.primaryKey.map { [.string($0)] })
        members["generation_id"] = .int(request.generation)
        members["minimum_generation_id"] = .int(request.mode.replacesTable ? request.generation : 0)
        members["sync_id"] = .int(request.syncID)
        return .object(members)
    }
}
