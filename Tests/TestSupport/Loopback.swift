#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// TCP sockets of this machine only (127.0.0.1).
enum Loopback {
    static func makeSocket() -> Int32 {
        #if canImport(Darwin)
            socket(AF_INET, SOCK_STREAM, 0)
        #else
            socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
    }

    /// Calls `body` with the address of a port; 0 stands for any that is free.
    static func withAddress<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    /// Whether somebody listens on a port.
    static func isListening(_ port: Int) -> Bool {
        let file = makeSocket()
        defer { close(file) }
        return withAddress(port) { connect(file, $0, $1) == 0 }
    }

    /// Has a socket listen.
    /// - Returns: the port; nil where that cannot be, with the reason in `errno`.
    static func listen(_ file: Int32, on wanted: Int = 0) -> Int? {
        let isBound = withAddress(wanted) { bind(file, $0, $1) == 0 }
        #if canImport(Darwin)
            guard isBound, Darwin.listen(file, 16) == 0 else { return nil }
        #else
            guard isBound, Glibc.listen(file, 16) == 0 else { return nil }
        #endif
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(file, $0, &length) }
        }
        return status == 0 ? Int(in_port_t(bigEndian: address.sin_port)) : nil
    }
}
