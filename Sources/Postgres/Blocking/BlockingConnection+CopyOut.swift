import Clibpq

extension BlockingConnection {
    /// Runs a `COPY ... TO STDOUT` and calls `body` for each message, which is one row (in binary form the first has the
    /// header before it, and the trailer comes by itself). The bytes are valid only during the call.
    ///
    /// If `body` throws, the COPY is cancelled and the connection remains usable.
    /// - Returns: the number of rows.
    @discardableResult
    package func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        try beginCopyOut(sql)
        while let message = try nextCopyMessage(waiting: true) {
            defer { PQfreemem(message.start) }
            do {
                try body(UnsafeRawBufferPointer(start: message.start, count: message.count))
            } catch {
                abandonCopy(reason: "")
                throw error
            }
        }
        return try endCopyOut()
    }

    func beginCopyOut(_ sql: String) throws(PostgresError) {
        try beginCopy(sql, expecting: PGRES_COPY_OUT)
        copyState = .out
    }

    /// Appends whole messages to `chunk` until it has `limit` bytes or the server has nothing more ready; waits for the first.
    ///
    /// - Returns: false once there is nothing more; then ``endCopyOut()`` is due.
    func readCopyChunk(into chunk: inout [UInt8], limit: Int) throws(PostgresError) -> Bool {
        var hasLooked = false
        while chunk.count < limit {
            guard let message = try nextCopyMessage(waiting: chunk.isEmpty) else { return false }
            guard let start = message.start else {
                // Nothing complete in libpq's buffer: look once at the socket, then hand over what there is.
                if hasLooked { return true }
                hasLooked = true
                guard PQconsumeInput(try open()) == 1 else { throw lost() }
                continue
            }
            hasLooked = false
            chunk.append(contentsOf: UnsafeRawBufferPointer(start: start, count: message.count))
            PQfreemem(start)
        }
        return true
    }

    /// Collects the end of a COPY whose messages were all read.
    func endCopyOut() throws(PostgresError) -> Int {
        copyState = .none
        return try lastResult().affectedRows
    }

    /// One message; nil at the end. Without waiting, `start` is nil where none has fully arrived.
    private func nextCopyMessage(waiting: Bool) throws(PostgresError) -> (start: UnsafeMutablePointer<CChar>?, count: Int)? {
        let raw = try open()
        var start: UnsafeMutablePointer<CChar>?
        let count = PQgetCopyData(raw, &start, waiting ? 0 : 1)
        switch count {
        case -1: return nil
        case -2: throw lost()
        default: return (start, Int(count))
        }
    }

    /// The error after which a COPY is over.
    private func lost() -> PostgresError {
        let error = failure()
        copyState = .none
        _ = try? lastResult()
        return error
    }
}
