import Foundation
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An HTTP server on a free port of this machine that keeps what it is sent, and answers as it is told.
package final class HookServer: Sendable {
    package struct Request: Sendable {
        package let method: String
        package let path: String
        /// By their names in lower case.
        package let headers: [String: String]
        package let body: String
    }

    private let file: Int32
    package let port: Int
    private let seen = Mutex<[Request]>([])
    private let statuses: Mutex<[Int]>
    private let bodies: [String: String]

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { seen.withLock { $0 } }

    /// - Parameters:
    ///   - statuses: what the first requests are answered with; the others with 200.
    ///   - bodies: what is answered, by the path; "ok" to others.
    ///   - port: 0 for any that is free.
    package init(statuses: [Int] = [], bodies: [String: String] = [:], port wanted: Int = 0) throws {
        self.statuses = Mutex(statuses)
        self.bodies = bodies
        file = Loopback.makeSocket()
        var yes: Int32 = 1
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard let port = Loopback.listen(file, on: wanted) else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.port = port
        // The thread keeps the server until the process ends: nobody has to hold it as long as clients ask.
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(file, nil, nil)
                guard client >= 0 else { return }
                answer(client)
                close(client)
            }
        }
    }

    /// Waits until so many requests have come.
    package func wait(for count: Int) async throws -> [Request] {
        while requests.count < count { try await Task.sleep(for: .milliseconds(10)) }
        return requests
    }

    private func answer(_ client: Int32) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var request: Request?
        while request == nil {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            request = Self.request(bytes)
        }
        guard let request else { return }
        let status = statuses.withLock { $0.isEmpty ? 200 : $0.removeFirst() }
        seen.withLock { $0.append(request) }
        let body = bodies[request.path] ?? "ok"
        let answer = Array(
            "HTTP/1.1 \(status) Answer\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
        _ = answer.withUnsafeBytes { send(client, $0.baseAddress, $0.count, 0) }
    }

    /// nil where it is not whole yet.
    private static func request(_ bytes: [UInt8]) -> Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let body = bytes[end.upperBound...]
        guard body.count >= headers["content-length"].flatMap({ Int($0) }) ?? 0 else { return nil }
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count > 1 else { return nil }
        return Request(method: words[0], path: words[1], headers: headers, body: String(decoding: body, as: UTF8.self))
    }
}
