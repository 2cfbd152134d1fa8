import Postgres

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Threads for what blocks.
package enum BlockingThread {
    /// Runs `body` on a thread of its own, which ends with it, and waits for it without blocking the caller.
    package static func run<T: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> T) async throws -> T {
        let thread = ThreadExecutor(name: name)
        defer { thread.stop() }
        return try await thread.run(body)
    }

    /// Runs `body` on a thread of its own and does not wait.
    package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = ThreadExecutor(name: name)
        thread.submit(body)
        thread.stop()
    }

    /// Blocks the thread.
    package static func sleep(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        usleep(UInt32(seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }
}
