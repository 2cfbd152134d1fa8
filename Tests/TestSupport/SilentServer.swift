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
        #if canImport(Darwin)
            file = socket(AF_INET, SOCK_STREAM, 0)
        #else
            file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(wanted).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { [file] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, length) == 0 && listen(file, 16) == 0 ? getsockname(file, address, &length) : -1
            }
        }
        precondition(status == 0, "no port to listen on")
        port = Int(in_port_t(bigEndian: address.sin_port))
    }

    deinit { close(file) }
}
