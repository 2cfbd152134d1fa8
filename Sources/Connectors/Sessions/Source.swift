package import Records

/// A system that streams can be read from.
package protocol Source: Sendable {
    /// Connects. Blocks: call it on a thread that may.
    func openSession(_ options: SessionOptions) throws(ConnectorError) -> any SourceSession
}

extension Source {
    /// Whether the source can be reached and read with this configuration.
    /// - Throws: ``ConnectorError`` that says what to do.
    @discardableResult
    package func check() async throws -> CheckReport {
        try await BlockingThread.run("leat-check") {
            let session = try openSession(SessionOptions(applicationName: "leat check"))
            defer { session.close() }
            return try session.check()
        }
    }

    /// What the source offers.
    package func discover() async throws -> Catalog {
        try await BlockingThread.run("leat-discover") {
            let session = try openSession(SessionOptions(applicationName: "leat discover"))
            defer { session.close() }
            return try session.discover(only: nil)
        }
    }
}
