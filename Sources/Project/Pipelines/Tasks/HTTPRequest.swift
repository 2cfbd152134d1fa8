import Diagnostics
import Foundation
import Orchestrate
import Processes
import Synchronization

/// A request made with `curl`, which knows TLS, proxies and redirects, and which every system has or packages.
struct HTTPRequest: Sendable {
    struct Answer: Sendable {
        let url: String
        let status: Int
        /// What is kept of it: a little more than an output may be.
        let body: String
        /// How long all of it is, in bytes.
        let length: Int

        /// Whether the status is one of those wanted, by default 200 to 299.
        func isExpected(_ wanted: [Int]?) -> Bool { wanted?.contains(status) ?? (200..<300).contains(status) }
    }

    var url: String
    var method = "GET"
    var headers: [(name: String, value: String)] = []
    var body: String?
    /// How long it may take in all.
    var timeout: Duration = .seconds(60)

    init(url: String, method: String = "GET", headers: [(name: String, value: String)] = [], body: String? = nil) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
    }

    init(_ task: TaskEntry.HTTPTask, _ renderer: TaskRenderer) throws {
        url = try renderer.text(task.url)
        method = task.method
        headers = try task.headers.map { ($0.name, try renderer.text($0.value)) }
        body = try task.body.map { try renderer.text($0) }
        if let body, body.hasPrefix("{") || body.hasPrefix("["),
            !headers.contains(where: { $0.name.lowercased() == "content-type" })
        {
            headers.append(("Content-Type", "application/json"))
        }
    }

    /// - Throws: `TaskFailure` where there is no answer.
    func send() async throws -> Answer {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw TaskFailure(
                "'\(url)' is not an HTTP address", code: "task.bad_value", hint: "it begins with https:// or http://",
                isRetryable: false)
        }
        // Everything goes by standard input, so that no secret stands in the list of processes.
        var command = ChildCommand(["curl", "--disable", "--config", "-"])
        command.input = Array((configuration + [#"write-out = "\n%{http_code}""#]).joined(separator: "\n").utf8)
        let heard = Mutex(Heard())
        let status: ExitStatus
        do {
            status = try await command.run { line in heard.withLock { $0.take(line) } }
        } catch var failure as TaskFailure where failure.code == "task.bad_command" {
            failure.hint = "requests are made with the program 'curl': install it"
            throw failure
        }
        try Task.checkCancellation()
        let answer = heard.withLock { $0 }
        guard status == .exited(0), let code = answer.status else {
            let reason = answer.error?.replacing("curl: ", with: "") ?? "no answer"
            throw TaskFailure("\(method) \(url) failed: \(reason)", code: "task.http")
        }
        return Answer(url: url, status: code, body: answer.body, length: answer.length)
    }

    /// What curl says: the body, and behind it, on a line of its own, the status.
    private struct Heard {
        private var text = ""
        /// How long the text is, in bytes, with what is not kept of it.
        private var count = 0
        private var pending: OutputLine?
        private(set) var error: String?

        /// The line end before the status is not the body's.
        var body: String { text.last == "\n" && text.utf8.count == count ? String(text.dropLast()) : text }
        var length: Int { max(0, count - 1) }
        var status: Int? { pending.flatMap { Int($0.text) } }

        mutating func take(_ line: OutputLine) {
            if line.isError {
                error = line.text
                return
            }
            if let pending {
                let piece = pending.goesOn ? pending.text : pending.text + "\n"
                count += piece.utf8.count
                if text.utf8.count <= TaskOutcome.maximumOutput { text += piece }
            }
            pending = line
        }
    }

    /// The lines of curl's configuration that make it.
    var configuration: [String] {
        var lines = [
            "url = \(Self.quoted(url))", "request = \(Self.quoted(method))", "silent", "show-error", "location",
            "max-redirs = 10", "proto = \"=http,https\"", "max-time = \(timeout.inSeconds)",
        ]
        for header in headers { lines.append("header = \(Self.quoted("\(header.name): \(header.value)"))") }
        if let body { lines.append("data-binary = \(Self.quoted(body))") }
        return lines
    }

    /// As curl's configuration files quote.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
