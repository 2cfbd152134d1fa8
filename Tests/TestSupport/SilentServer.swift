#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Listens on a port, lets clients connect, and never says a word.
package final class SilentServer: Sendable {
    private let file: Int32
    package let port: Int

    /// - Parameter port: 0 for any free one.
    package init(port wanted: Int = 0) {
        file = Loopback.makeSocket()
        guard let port = Loopback.listen(file, on: wanted) else { preconditionFailure("no port to listen on") }
        self.port = port
    }

    deinit { close(file) }
}
