/// Takes the data of a COPY FROM STDIN from async code and sends it in messages of 64 KB.
package struct CopyInSink {
    let connection: Connection
    private var buffer: [UInt8] = []

    init(connection: Connection) { self.connection = connection }

    /// Appends bytes; waits while the server does not take them.
    ///
    /// - Throws: ``PostgresError``, usually for a row sent earlier, or `CancellationError`.
    package mutating func write(_ bytes: [UInt8]) async throws {
        if buffer.isEmpty, bytes.count >= CopyWriter.messageSize { return try await connection.putCopyData(bytes) }
        buffer += bytes
        if buffer.count >= CopyWriter.messageSize { try await flush() }
    }

    package mutating func write(_ text: String) async throws { try await write(Array(text.utf8)) }

    /// Sends what is gathered. Not needed at the end.
    package mutating func flush() async throws {
        guard !buffer.isEmpty else { return }
        let full = buffer
        buffer = []
        buffer.reserveCapacity(full.count)
        try await connection.putCopyData(full)
    }
}
