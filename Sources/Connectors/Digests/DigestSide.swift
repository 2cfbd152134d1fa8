import Postgres

/// A digester on a thread of its own, so that two servers can work side by side.
package actor DigestSide {
    private let thread = ThreadExecutor(name: "leat-verify")
    private var digester: (any RowDigester)?
    nonisolated package var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package init() {}

    deinit { thread.stop() }

    /// - Parameter make: opens a session and makes a digester of it; runs on the side's thread.
    /// - Returns: what else `make` found out.
    package func open<T: Sendable>(_ make: @Sendable () throws -> (any RowDigester, T)) throws -> T {
        let (digester, value) = try make()
        self.digester = digester
        return value
    }

    package func close() {
        digester?.close()
        digester = nil
    }

    /// Asks the digester something.
    package func ask<T: Sendable>(_ question: @Sendable (any RowDigester) throws -> T) throws -> T {
        guard let digester else { throw CancellationError() }
        return try question(digester)
    }
}
