import Ccurl

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads what a URL leads to, as it comes; the server waits while nobody reads.
///
/// libcurl is the client: redirections, proxies (`https_proxy`, `no_proxy`), the system's certificates. It is loaded when
/// the first URL is read, so that the program needs it neither to be built nor to start.
final class DownloadReader: ByteReader {
    /// Who asks, and how patiently.
    struct Request: Sendable {
        var url: String
        var userAgent = "leat"
        /// `name:password`.
        var credentials: String?
        /// Lines of the header.
        var headers: [String] = []
        var isHeaderOnly = false
        var stallTimeout = 60
    }

    private let request: Request
    private let isCancelled: () -> Bool
    private var download: OpaquePointer
    private var hasBegun = false

    /// Connects and waits for the answer; tries three times where trying again may help.
    init(_ request: Request, isCancelled: @escaping () -> Bool) throws(ConnectorError) {
        self.request = request
        self.isCancelled = isCancelled
        download = try Self.begin(request)
        var pause = 500
        for attempt in 1...3 {
            do {
                try waitForAnswer()
                return
            } catch {
                guard attempt < 3, error.failureType == .transient, !isCancelled() else { throw error }
                BlockingThread.sleep(.milliseconds(pause))
                pause *= 3
                let next = try Self.begin(request)
                leat_download_end(download)
                download = next
            }
        }
    }

    deinit { leat_download_end(download) }

    /// What the server says of the file.
    var facts: leat_download_facts { leat_download_get_facts(download) }

    private var head: [UInt8] = []
    private var hasEnded = false

    private func waitForAnswer() throws(ConnectorError) {
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
        defer { target.deallocate() }
        let count = try take(target)
        head = Array(target[..<count])
        hasEnded = count == 0
        let status = facts.status
        guard !(200..<300).contains(status) else { return }
        let isOurs = (400..<500).contains(status) && status != 408 && status != 429
        throw ConnectorError(
            status == 401 || status == 403 ? .permission : .source,
            "\(request.url) cannot be read: the server answers \(status)",
            hint: status == 404
                ? "look at the url" : status == 401 || status == 403 ? "look at username, password and headers" : nil,
            failureType: isOurs ? .config : .transient)
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        if !head.isEmpty {
            let count = min(head.count, target.count)
            target.copyBytes(from: head[..<count])
            head.removeFirst(count)
            return count
        }
        return hasEnded ? 0 : try take(target)
    }

    private func take(_ target: UnsafeMutableRawBufferPointer) throws(ConnectorError) -> Int {
        guard let base = target.baseAddress else { return 0 }
        while true {
            switch leat_download_read(download, base, target.count) {
            case 0:
                if isCancelled() {
                    throw ConnectorError(.source, "reading \(request.url) was cancelled", failureType: .transient)
                }
            case -1: return 0
            case -2:
                throw ConnectorError(
                    .unreachable, "\(request.url) cannot be read: \(String(cString: leat_download_error(download)))",
                    failureType: leat_download_is_transient(download) != 0 ? .transient : .config)
            case let count: return count
            }
        }
    }

    private static func begin(_ request: Request) throws(ConnectorError) -> OpaquePointer {
        var message = [CChar](repeating: 0, count: 256)
        // Copies that live until libcurl has made its own.
        let texts = request.headers.map { strdup($0) }
        defer { for text in texts { free(text) } }
        var pointers: [UnsafePointer<CChar>?] = texts.map { $0.map { UnsafePointer($0) } } + [nil]
        let download = request.url.withCString { url in
            request.userAgent.withCString { agent in
                (request.credentials ?? "").withCString { credentials in
                    pointers.withUnsafeMutableBufferPointer { headers -> OpaquePointer? in
                        guard let lines = headers.baseAddress else { return nil }
                        var raw = leat_download_request(
                            url: url, user_agent: agent, credentials: request.credentials == nil ? nil : credentials,
                            headers: UnsafePointer(lines), header_only: request.isHeaderOnly ? 1 : 0, connect_timeout: 20,
                            stall_timeout: request.stallTimeout)
                        return leat_download_begin(&raw, &message, message.count)
                    }
                }
            }
        }
        guard let download else {
            let text = message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
            throw ConnectorError(
                .unsupported, "\(request.url) cannot be read: \(text)",
                hint: "install libcurl: apt-get install libcurl4, or your system's package of it")
        }
        return download
    }
}
