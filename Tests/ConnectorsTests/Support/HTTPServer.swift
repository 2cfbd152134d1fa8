import Foundation
import Synchronization

/// A web server of a few files, for one test.
final class HTTPServer: Sendable {
    private struct Page {
        var body: Data
        var etag: String?
        var failures: Int
    }
    private struct State {
        var pages: [String: Page] = [:]
        var headers: [String] = []
    }
    private let state = Mutex(State())
    private let socket: Int32
    let port: UInt16

    var url: String { "http://127.0.0.1:\(port)" }
    /// The headers of all requests.
    var headers: [String] { state.withLock { $0.headers } }

    init() throws {
        let stream = Int32(SOCK_STREAM.rawValue)
        let file = Foundation.socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && listen(file, 16) == 0 && getsockname(file, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        socket = file
        port = UInt16(bigEndian: address.sin_port)
        Thread { [self] in serve() }.start()
    }

    /// - Parameter failures: how often it is answered 503 before.
    func answer(_ path: String, _ body: Data, etag: String? = nil, failures: Int = 0) {
        state.withLock { $0.pages[path] = Page(body: body, etag: etag, failures: failures) }
    }

    func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    private func serve() {
        while true {
            let client = accept(socket, nil, nil)
            if client < 0 { return }
            respond(client)
            close(client)
        }
    }

    private func respond(_ client: Int32) {
        var request: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let count = recv(client, &chunk, chunk.count, 0)
            if count <= 0 { return }
            request += chunk[..<count]
        }
        let text = String(decoding: request, as: UTF8.self)
        let words = text.split(separator: " ")
        let path = words.count > 1 ? String(words[1].split(separator: "?")[0]) : ""
        let isHead = text.hasPrefix("HEAD")
        let page = state.withLock { state -> Page? in
            state.headers.append(text)
            guard let page = state.pages[path] else { return nil }
            if !isHead, page.failures > 0 { state.pages[path]?.failures -= 1 }
            return page
        }
        var answer = Data()
        if let page, page.failures == 0 || isHead {
            let etag = page.etag.map { "ETag: \($0)\r\n" } ?? ""
            answer += Data("HTTP/1.1 200 OK\r\n\(etag)Content-Length: \(page.body.count)\r\nConnection: close\r\n\r\n".utf8)
            if !isHead { answer += page.body }
        } else {
            let status = page == nil ? "404 Not Found" : "503 Busy"
            answer += Data("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8)
        }
        let bytes = Array(answer)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            sent += count
        }
    }
}
