import Documents
import Postgres
import Records

extension PostgresDestinationSession {
    func load(_ read: (_ append: Append, _ checkpoint: Checkpoint) throws -> Void) throws -> Int {
        let statement = try beginLoad()
        let table = write?.request.table
        func failed(_ error: PostgresError) -> ConnectorError {
            ConnectorError(.destination, while: "writing \(table.map { "\($0)" } ?? "a table")", error)
        }
        do {
            let rows = try connection.copyIn(statement) { writer in
                func send(_ bytes: UnsafeRawBufferPointer) throws {
                    do {
                        try writer.write(bytes)
                    } catch {
                        throw failed(error)
                    }
                }
                try read({ bytes in try stamper?.append(bytes, write: send) }) { sourceState, attemptID in
                    // For the source it is one stream; here it ends, and another begins.
                    try RecordEncoder.trailer.withUnsafeBytes { try stamper?.append($0, write: send) }
                    try stamper?.finish(write: send)
                    var committed: (outcome: WriteOutcome, rows: Int)?
                    try writer.restart { rows in
                        try endLoad(rows)
                        let outcome = try self.commit(sourceState: sourceState)
                        committed = (outcome, rows)
                        return try beginNext(attemptID)
                    }
                    try RecordEncoder.header.withUnsafeBytes { try stamper?.append($0, write: send) }
                    guard let committed else { throw Self.notBegun }
                    return committed
                }
                try stamper?.finish(write: send)
            }
            try endLoad(rows)
            return rows
        } catch let error as PostgresError {
            throw failed(error)
        }
    }

    /// - Returns: the statements that begin the COPY.
    private func beginLoad() throws(ConnectorError) -> String {
        guard let write else { throw Self.notBegun }
        let request = write.request
        stamper = CopyStamper(
            columns: request.columns.count, extractedAt: request.extractedAt, syncID: request.syncID,
            generation: write.state.generation, hasChanges: request.hasChanges)
        let copy = write.staging.copy(stamped: request.hasChanges ? MetaColumn.allCases : MetaColumn.varying)
        guard isFilling(write) else { return copy }
        return write.staging.fillConstants(syncID: request.syncID, generation: write.state.generation) + "; " + copy
    }

    /// Whether the server fills the meta columns that are the same in all rows, for this load alone.
    private func isFilling(_ write: Write) -> Bool { !write.request.hasChanges && !write.staging.isLasting }

    /// - Parameter rows: what the server took.
    private func endLoad(_ rows: Int) throws {
        guard let write else { throw Self.notBegun }
        guard rows == rowsLoaded else {
            throw ConnectorError(
                .integrity, "\(rowsLoaded) rows of \(write.request.stream) were sent and \(rows) arrived", failureType: .system)
        }
        if isFilling(write) { try connection.execute(write.staging.stopFilling) }
    }

    /// Begins the transaction after a checkpoint.
    /// - Returns: the statements that begin its COPY.
    private func beginNext(_ attemptID: String) throws(ConnectorError) -> String {
        guard var request = lastRequest else { throw Self.notBegun }
        request.isContinued = true
        request.refresh = nil
        request.backfillsColumns = false
        request.attemptID = attemptID
        guard try begin(request).isAdding else {
            throw ConnectorError(
                .conflict, "the table \(request.table), or its state, was taken away while the stream was written",
                hint: "run the connection again; it reads the stream from its start", failureType: .transient)
        }
        return try beginLoad()
    }
}
