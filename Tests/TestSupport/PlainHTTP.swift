import Dispatch

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One request to a server on this machine, over a connection of its own, for servers whose answers Foundation does not read:
/// chromedriver puts no space behind the colons of its headers.
package enum PlainHTTP {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package static func send(
        _ method: String, port: Int, path: String, body: [UInt8] = []
    ) async throws -> (status: Int, body: [UInt8]) {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try exchange(method, port, path, body) })
            }
        }
    }

    private static func exchange(_ method: String, _ port: Int, _ path: String, _ body: [UInt8]) throws -> (Int, [UInt8]) {
        #if canImport(Darwin)
            let file = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "nobody listens on port \(port)") }
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        var rest = (Array(head.utf8) + body)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(description: "port \(port) hung up") }
            rest = rest.dropFirst(count)
        }
        // The other side may leave the connection open after its answer, whatever was asked.
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var expected = Int.max
        while answer.count < expected {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { break }
            answer += piece[..<count]
            guard expected == .max, let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
            if let length = head.firstMatch(of: /content-length: *([0-9]+)/).flatMap({ Int($0.1) }) {
                expected = end.upperBound + length
            }
        }
        let text = String(decoding: answer.prefix(16 << 10), as: UTF8.self)
        guard let code = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let end = answer.firstRange(of: Array("\r\n\r\n".utf8))
        else { throw Failure(description: "port \(port) gave no answer: \(text.prefix(200))") }
        return (code, Array(answer[end.upperBound...]))
    }
}
