import Foundation
import Transform

/// A small web server for the files of one folder, for looking at documentation on one's own machine.
struct StaticFileServer: Sendable {
    private let folder: String
    private let socket: Int32

    /// Begins to listen.
    ///
    /// - Throws: ``TransformError`` where the port is taken or the address is none of this machine.
    init(folder: String, host: String, port: Int) throws {
        self.folder = URL(filePath: folder).standardizedFileURL.path
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_family = AF_INET
        #if os(Linux)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let info = found?.pointee else {
            throw TransformError(.selector, "'\(host)' is no address of this machine")
        }
        defer { freeaddrinfo(found) }
        socket = Foundation.socket(info.ai_family, info.ai_socktype, 0)
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard socket >= 0, bind(socket, info.ai_addr, info.ai_addrlen) == 0, Foundation.listen(socket, 16) == 0 else {
            throw TransformError(
                .selector, "port \(port) of \(host) cannot be listened on: \(String(cString: strerror(errno)))",
                hint: "choose another one with --port")
        }
    }

    /// Answers requests, on a thread of its own, until `isStopped` says so.
    func serve(until isStopped: @escaping @Sendable () -> Bool) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                answerAll(until: isStopped)
                continuation.resume()
            }
            thread.name = "leat-docs"
            thread.start()
        }
    }

    private func answerAll(until isStopped: () -> Bool) {
        defer { close(socket) }
        while !isStopped() {
            var poller = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 200) > 0 else { continue }
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else { continue }
            answer(connection)
            close(connection)
        }
    }

    private func answer(_ connection: Int32) {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let request = String(decoding: buffer[..<count], as: UTF8.self)
        let words = request.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: " ")
        guard words.count >= 2, words[0] == "GET" || words[0] == "HEAD" else {
            return send(connection, status: "405 Method Not Allowed", type: "text/plain", Data())
        }
        guard let (data, type) = file(String(words[1])) else {
            return send(connection, status: "404 Not Found", type: "text/plain", Data("not found\n".utf8))
        }
        send(connection, status: "200 OK", type: type, words[0] == "HEAD" ? Data() : data, length: data.count)
    }

    /// The file that a path means; nothing outside of the folder.
    private func file(_ path: String) -> (Data, String)? {
        let plain = String(path.prefix { $0 != "?" && $0 != "#" }).removingPercentEncoding ?? "/"
        let name = plain == "/" ? "/index.html" : plain
        let full = URL(filePath: folder + name).standardizedFileURL.path
        guard full.hasPrefix(folder + "/"), let data = FileManager.default.contents(atPath: full) else { return nil }
        let types = ["html": "text/html; charset=utf-8", "json": "application/json", "css": "text/css", "js": "text/javascript"]
        return (data, types[(full as NSString).pathExtension] ?? "application/octet-stream")
    }

    private func send(_ connection: Int32, status: String, type: String, _ body: Data, length: Int? = nil) {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(length ?? body.count)\r\nConnection: close\r\n\r\n"
        let bytes = [UInt8](Data(head.utf8) + body)
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Foundation.send(connection, buffer.baseAddress.map { $0 + offset }, buffer.count - offset, 0)
            }
            if written <= 0 { return }
            offset += written
        }
    }
}
