extension Connection {
    /// Runs a `COPY ... TO STDOUT` and hands its data to `body` as chunks of whole messages, up to about 64 KB each.
    ///
    /// ```swift
    /// try await connection.copyOut("copy orders to stdout (format csv)") { chunks in
    ///     for try await chunk in chunks { try file.write(chunk) }
    /// }
    /// ```
    /// Nothing is read ahead: while `body` does not ask, the server waits. If `body` returns or throws before the end, the
    /// COPY is cancelled and the connection remains usable. In binary form the first chunk begins with the header.
    /// - Throws: what `body` throws, ``PostgresError``, or `CancellationError`.
    package nonisolated func copyOut<T>(_ sql: String, _ body: (CopyOutStream) async throws -> T) async throws -> T {
        try await beginCopyOut(sql)
        do {
            let value = try await body(CopyOutStream(connection: self))
            await abandonCopy(reason: "")
            return value
        } catch {
            await abandonCopy(reason: "")
            throw error
        }
    }

    /// Runs a `COPY ... FROM STDIN` with the data of `chunks`, whose borders mean nothing.
    ///
    /// The next chunk is asked for only when the server has taken what came before. If `chunks` throws or the task is
    /// cancelled, the COPY is undone.
    /// - Returns: the number of rows that the server took.
    /// - Throws: what `chunks` throws, ``PostgresError``, or `CancellationError`.
    @discardableResult
    package nonisolated func copyIn<Chunks: AsyncSequence>(_ sql: String, from chunks: Chunks) async throws -> Int
    where Chunks.Element == [UInt8] {
        try await copyIn(sql) { sink in
            for try await chunk in chunks { try await sink.write(chunk) }
        }
    }

    /// Runs a `COPY ... FROM STDIN` whose data `body` writes.
    ///
    /// - Returns: the number of rows that the server took.
    /// - Throws: what `body` throws, ``PostgresError``, or `CancellationError`.
    @discardableResult
    package nonisolated func copyIn(_ sql: String, _ body: (inout CopyInSink) async throws -> Void) async throws -> Int {
        try await beginCopyIn(sql)
        do {
            var sink = CopyInSink(connection: self)
            try await body(&sink)
            try await sink.flush()
            return try await endCopyIn()
        } catch {
            await abandonCopy(reason: "the client gave up")
            throw error
        }
    }

    private func beginCopyOut(_ sql: String) async throws {
        try await perform { try $0.beginCopyOut(sql) }
    }

    /// The next chunk; nil at the end, where the COPY's own error, if any, is thrown.
    func nextCopyChunk() async throws -> [UInt8]? {
        try await perform { connection in
            guard connection.copyState == .out else { return nil }
            var chunk: [UInt8] = []
            chunk.reserveCapacity(CopyOutStream.chunkSize + 8192)
            let hasMore = try connection.readCopyChunk(into: &chunk, limit: CopyOutStream.chunkSize)
            if !hasMore { _ = try connection.endCopyOut() }
            return chunk.isEmpty ? nil : chunk
        }
    }

    private func beginCopyIn(_ sql: String) async throws {
        try await perform { try $0.beginCopyIn(sql) }
    }

    func putCopyData(_ bytes: [UInt8]) async throws {
        try await perform { connection in
            guard connection.copyState == .in else { throw PostgresError(.busy, "the COPY has ended already") }
            try bytes.withUnsafeBytes { try connection.putCopyData($0) }
        }
    }

    private func endCopyIn() async throws -> Int {
        try await perform { try $0.endCopyIn() }
    }
}
