/// The data of a COPY TO STDOUT in chunks of whole messages; can be iterated once.
package struct CopyOutStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    static let chunkSize = 64 << 10
    let connection: Connection

    package struct AsyncIterator: AsyncIteratorProtocol {
        let connection: Connection

        package mutating func next() async throws -> [UInt8]? { try await connection.nextCopyChunk() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(connection: connection) }
}
