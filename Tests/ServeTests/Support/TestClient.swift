import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A browser without a window: keeps cookies, follows nothing, and knows the token of its last page.
final class TestClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let text: String
    }

    private struct State {
        var cookies: [String: String] = [:]
        var csrf = ""
    }

    let base: String
    private let state = Mutex(State())
    private let session: URLSession

    init(base: String) {
        self.base = base
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        let answer = try await send("GET", path, headers: headers.merging(["Accept": "text/html"]) { own, _ in own })
        if let match = answer.text.firstMatch(of: /data-csrf="([0-9a-f]*)"/) { state.withLock { $0.csrf = String(match.1) } }
        return answer
    }

    /// Sends a form with the token of the last page.
    func post(_ path: String, _ fields: [String: String] = [:], headers: [String: String] = [:]) async throws -> Answer {
        let all = fields.merging(["csrf": state.withLock { $0.csrf }]) { own, _ in own }
        let body = all.map { "\(FormText.encode($0))=\(FormText.encode($1))" }.joined(separator: "&")
        let form = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"]
        return try await send("POST", path, headers: headers.merging(form) { own, _ in own }, body: body)
    }

    /// Does what a page's script does: sends the token of the last page as a header.
    func act(_ method: String, _ path: String) async throws -> Answer {
        let token = state.withLock { $0.csrf }
        return try await send(
            method, path,
            headers: ["Accept": "application/json", "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded"],
            body: "")
    }

    func send(_ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil) async throws -> Answer {
        var request = URLRequest(url: URL(string: base + path)!)
        request.httpMethod = method
        request.timeoutInterval = 60
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let cookies = state.withLock { $0.cookies.map { "\($0)=\($1)" }.joined(separator: "; ") }
        if !cookies.isEmpty { request.setValue(cookies, forHTTPHeaderField: "Cookie") }
        if let body { request.httpBody = Data(body.utf8) }
        let (data, response) = try await session.data(for: request)
        let http = response as! HTTPURLResponse
        var found: [String: String] = [:]
        for (name, value) in http.allHeaderFields { found["\(name)".lowercased()] = "\(value)" }
        if let cookie = found["set-cookie"]?.split(separator: ";").first {
            let parts = cookie.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            state.withLock { $0.cookies[parts[0]] = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil }
        }
        return Answer(status: http.statusCode, headers: found, text: String(decoding: data, as: UTF8.self))
    }
}

private enum FormText {
    static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
