/// Takes the data of a COPY FROM STDIN and sends it in messages of 64 KB.
package struct CopyWriter: ~Copyable {
    /// More per message gains nothing, less costs the server time.
    static let messageSize = 64 << 10

    private let connection: BlockingConnection
    private var buffer: [UInt8] = []

    init(_ connection: BlockingConnection) {
        self.connection = connection
        buffer.reserveCapacity(2 * Self.messageSize)
    }

    /// Appends bytes; blocks while the server does not take them.
    ///
    /// - Throws: ``PostgresError``, usually for a row sent earlier: the server checks behind the writer.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) {
        if buffer.isEmpty, bytes.count >= Self.messageSize { return try connection.putCopyData(bytes) }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.messageSize { try flush() }
    }

    package mutating func write(_ bytes: [UInt8]) throws(PostgresError) {
        try bytes.span.bytes.withUnsafeBytes { (raw) throws(PostgresError) in try write(raw) }
    }

    package mutating func write(_ text: String) throws(PostgresError) {
        var text = text
        // `withUTF8` knows no typed throws.
        let outcome = text.withUTF8 { utf8 in
            Result { () throws(PostgresError) in try write(UnsafeRawBufferPointer(utf8)) }
        }
        try outcome.get()
    }

    /// Ends the COPY under way, and begins another on the same connection.
    ///
    /// - Parameter between: is told how many rows the server took, may use the connection, and returns the statement of the next COPY.
    package mutating func restart(_ between: (Int) throws -> String) throws {
        try flush()
        let sql = try between(try connection.endCopyIn())
        try connection.beginCopyIn(sql)
    }

    /// Sends what is gathered. Not needed at the end.
    package mutating func flush() throws(PostgresError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        try buffer.span.bytes.withUnsafeBytes { (raw) throws(PostgresError) in try connection.putCopyData(raw) }
    }
}
