import Foundation
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Serves the files of a folder over HTTP on a free port of this machine.
package final class FileServer: Sendable {
    private let socketFile: Int32
    private let folder: String
    package let port: Int
    /// The paths that were asked for.
    private let seen = Mutex<[String]>([])

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [String] { seen.withLock { $0 } }

    package init(folder: String) throws {
        self.folder = folder
        socketFile = Loopback.makeSocket()
        guard let port = Loopback.listen(socketFile) else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.port = port
        // The thread keeps the server until the process ends: nobody has to hold it as long as clients ask.
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(socketFile, nil, nil)
                guard client >= 0 else { return }
                answer(client)
                close(client)
            }
        }
    }

    private func answer(_ client: Int32) {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += buffer[..<count]
        }
        let words = String(decoding: request, as: UTF8.self).split(separator: " ")
        let path = words.count > 1 ? String(words[1]) : "/"
        seen.withLock { $0.append(path) }
        let contents = FileManager.default.contents(atPath: folder + path)
        var response = Array("HTTP/1.1 \(contents == nil ? "404 Not Found" : "200 OK")\r\n".utf8)
        response += Array("Content-Length: \(contents?.count ?? 0)\r\nConnection: close\r\n\r\n".utf8)
        response += contents ?? Data()
        var offset = 0
        while offset < response.count {
            let sent = response[offset...].withUnsafeBytes { send(client, $0.baseAddress, $0.count, 0) }
            guard sent > 0 else { return }
            offset += sent
        }
    }
}
