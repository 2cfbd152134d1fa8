/// A system that streams can be written to.
package protocol Destination: Sendable {
    /// The schema for streams that are not given another.
    var defaultNamespace: String { get }

    /// Where the rows of a stream lie that is to go to `table`.
    func place(of table: TableName) -> TableName

    /// Connects. Blocks: call it on a thread that may.
    func openSession(_ options: SessionOptions) throws(ConnectorError) -> any DestinationSession
}

extension Destination {
    package func place(of table: TableName) -> TableName { table }

    /// Whether the destination can be reached and written with this configuration.
    /// - Throws: ``ConnectorError`` that says what to do.
    @discardableResult
    package func check() async throws -> CheckReport {
        try await BlockingThread.run("leat-check") {
            let session = try openSession(SessionOptions(applicationName: "leat check"))
            defer { session.close() }
            return try session.check()
        }
    }
}
