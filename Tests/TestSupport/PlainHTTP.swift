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
        let file = Loopback.makeSocket()
        defer { close(file) }
        let status = Loopback.withAddress(port) { connect(file, $0, $1) }
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
