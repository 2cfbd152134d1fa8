import Clibpq

extension BlockingConnection {
    /// Runs a `COPY ... FROM STDIN`, whose data `body` writes; writes are gathered into messages of 64 KB.
    ///
    /// If `body` throws, the COPY is undone, and the connection remains usable.
    /// - Returns: the number of rows that the server took.
    @discardableResult
    package func copyIn(_ sql: String, _ body: (inout CopyWriter) throws -> Void) throws -> Int {
        try beginCopyIn(sql)
        var writer = CopyWriter(self)
        do {
            try body(&writer)
            try writer.flush()
        } catch {
            // The server's own complaint comes first: a write that failed is only its consequence.
            if copyState == .in { abandonCopy(reason: "the client gave up") }
            throw error
        }
        return try endCopyIn()
    }

    func beginCopyIn(_ sql: String) throws(PostgresError) {
        try beginCopy(sql, expecting: PGRES_COPY_IN)
        copyState = .in
    }

    /// Sends one message.
    func putCopyData(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        guard !bytes.isEmpty else { return }
        let raw = try open()
        // libpq counts in Int32.
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            guard PQputCopyData(raw, part.bindMemory(to: CChar.self).baseAddress, Int32(part.count)) == 1 else {
                throw failedCopyIn()
            }
            rest = rest.dropFirst(part.count)
        }
    }

    /// Ends the data and waits for the server to have taken it all.
    func endCopyIn() throws(PostgresError) -> Int {
        guard PQputCopyEnd(try open(), nil) == 1 else { throw failedCopyIn() }
        copyState = .none
        return try lastResult().affectedRows
    }

    /// What the server had to say when it took no more data.
    private func failedCopyIn() -> PostgresError {
        let own = failure()
        copyState = .none
        do {
            _ = try lastResult()
            return own
        } catch {
            return error
        }
    }
}
