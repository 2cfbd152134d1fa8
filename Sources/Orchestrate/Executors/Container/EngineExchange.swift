import Foundation
import Synchronization

/// One request to a container engine and its answer, over a connection of its own. Blocks; another thread may cut it off.
///
/// HTTP/1.1 as Docker and Podman speak it: an answer has a length, comes in chunks, or ends with the connection.
final class EngineExchange: Sendable {
    private struct State {
        var file: Int32 = -1
        var isCut = false
    }

    private let address: EngineAddress
    private let state = Mutex(State())

    init(_ address: EngineAddress) { self.address = address }

    /// Ends it from outside: whoever waits for it hears `CancellationError`.
    func cut() {
        state.withLock { state in
            state.isCut = true
            if state.file >= 0 { shutdown(state.file, Int32(SHUT_RDWR)) }
        }
    }

    /// Sends a request and hands over the body of its answer as it comes.
    /// - Parameters:
    ///   - path: with its query, from the first slash.
    ///   - seconds: how long the engine may be silent; nil for any time.
    ///   - body: hears the pieces.
    /// - Returns: the status.
    /// - Throws: `TaskFailure` where the engine is not reached or hangs up; `CancellationError` where it was cut.
    func run(
        _ method: String, _ path: String, json: String? = nil, seconds: Int? = 60,
        body: (_ status: Int, _ piece: ArraySlice<UInt8>) -> Void
    ) throws -> Int {
        let file = try open()
        defer {
            state.withLock { state in
                close(file)
                state.file = -1
            }
        }
        if let seconds {
            var limit = timeval(tv_sec: seconds, tv_usec: 0)
            setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let content = Array((json ?? "").utf8)
        let head =
            "\(method) \(path) HTTP/1.1\r\nHost: leat\r\nConnection: close\r\n"
            + (json == nil && method == "GET" ? "" : "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n")
            + "\r\n"
        try send(Array(head.utf8) + content, to: file)
        var reader = AnswerReader { [self] in try piece(from: file) }
        let status = try reader.head()
        try reader.body { body(status, $0) }
        return status
    }

    private func open() throws -> Int32 {
        let file: Int32
        switch address {
        case .socket(let path): file = try Self.connect(path: path)
        case .host(let host, let port): file = try Self.connect(host: host, port: port)
        }
        let isCut = state.withLock { state in
            state.file = file
            return state.isCut
        }
        if isCut { shutdown(file, Int32(SHUT_RDWR)) }
        return file
    }

    private func send(_ bytes: [UInt8], to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(file, $0.baseAddress, $0.count, Self.quiet) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ended("hung up") }
            rest = rest.dropFirst(count)
        }
    }

    private func piece(from file: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            let count = recv(file, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ended(errno == EAGAIN ? "does not answer" : "hung up") }
            if count == 0, state.withLock({ $0.isCut }) { throw CancellationError() }
            return Array(bytes[..<count])
        }
    }

    private func ended(_ what: String) -> any Error {
        state.withLock { $0.isCut }
            ? CancellationError()
            : TaskFailure("the container engine at \(address) \(what)", code: "container.engine", isInfrastructure: true)
    }

    // MARK: Sockets

    #if canImport(Darwin)
        private static let quiet: Int32 = 0
        private static let stream = SOCK_STREAM
    #else
        private static let quiet = Int32(MSG_NOSIGNAL)
        private static let stream = Int32(SOCK_STREAM.rawValue)
    #endif

    private static func unreachable(_ address: String, _ number: Int32) -> TaskFailure {
        TaskFailure(
            "the container engine at \(address) cannot be reached: \(String(cString: strerror(number)))",
            code: "container.engine",
            hint: number == EACCES
                ? "this user may not use the socket: is it in the group 'docker'?"
                : "is it running? DOCKER_HOST says where it is",
            isInfrastructure: false)
    }

    private static func connect(path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw TaskFailure(
                "the path of the container engine's socket is too long: \(path)", code: "container.no_engine", isRetryable: false)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let file = socket(AF_UNIX, stream, 0)
        guard file >= 0 else { throw unreachable(path, errno) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            let number = errno
            close(file)
            throw unreachable("unix://\(path)", number)
        }
        return file
    }

    private static func connect(host: String, port: Int) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = stream
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else {
            throw unreachable("tcp://\(host):\(port)", EHOSTUNREACH)
        }
        defer { freeaddrinfo(list) }
        var number = EHOSTUNREACH
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            let file = socket(entry.ai_family, entry.ai_socktype, entry.ai_protocol)
            guard file >= 0 else { continue }
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
            if Foundation.connect(file, entry.ai_addr, entry.ai_addrlen) == 0 { return file }
            number = errno
            close(file)
        }
        throw unreachable("tcp://\(host):\(port)", number)
    }
}
