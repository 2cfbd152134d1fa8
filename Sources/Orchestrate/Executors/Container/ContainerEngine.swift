import Documents
import Foundation

/// A client for the few calls of the Docker Engine API that running tasks needs; Podman has the same.
package struct ContainerEngine: Sendable {
    package let address: EngineAddress

    package init(_ address: EngineAddress) { self.address = address }

    /// How a container stands.
    struct State: Sendable {
        let id: String
        let isRunning: Bool
        /// Whether it has run to its end; one that was only made has not.
        let hasEnded: Bool
        let exitCode: Int
        let wasOutOfMemory: Bool
        let error: String
        let labels: [String: String]
    }

    /// nil where there is no container of that name or id.
    func container(_ name: String) async throws -> State? {
        let (status, answer) = try await call("GET", "/containers/\(name)/json")
        if status == 404 { return nil }
        let document = try checked(status, answer)
        let state = document["State"] ?? .null
        let word = state["Status"]?.string ?? ""
        var labels: [String: String] = [:]
        for entry in document["Config"]?["Labels"]?.object?.entries ?? [] { labels[entry.key] = entry.value.string }
        return State(
            id: document["Id"]?.string ?? name, isRunning: state["Running"]?.bool ?? false,
            hasEnded: ["exited", "stopped", "dead"].contains(word), exitCode: state["ExitCode"]?.int ?? 0,
            wasOutOfMemory: state["OOMKilled"]?.bool ?? false, error: state["Error"]?.string ?? "", labels: labels)
    }

    /// - Returns: whether it was made; false where there is one of that name.
    func create(_ name: String, _ document: JSON) async throws -> Bool {
        let (status, answer) = try await call("POST", "/containers/create?name=\(name)", document)
        if status == 409 { return false }
        _ = try checked(status, answer)
        return true
    }

    /// Starts it; one that runs goes on.
    func start(_ name: String) async throws {
        let (status, answer) = try await call("POST", "/containers/\(name)/start")
        if status != 304 { _ = try checked(status, answer) }
    }

    /// Asks it to end, and kills it after `grace`.
    func stop(_ name: String, grace: Int) async throws {
        let (status, answer) = try await call("POST", "/containers/\(name)/stop?t=\(grace)", seconds: grace + 60)
        if status != 304, status != 404 { _ = try checked(status, answer) }
    }

    /// Removes it with its nameless volumes, whatever it does.
    func remove(_ name: String) async throws {
        let (status, answer) = try await call("DELETE", "/containers/\(name)?force=1&v=1")
        if status != 404, status != 409 { _ = try checked(status, answer) }
    }

    /// Returns when it has ended.
    func wait(_ name: String) async throws {
        let (status, answer) = try await call("POST", "/containers/\(name)/wait", seconds: nil)
        _ = try checked(status, answer)
    }

    /// The names of the containers with all of these labels, whatever they do.
    package func names(labels: [String]) async throws -> [String] {
        let wanted: JSON = ["label": .array(labels.map { .string($0) })]
        let filters = Self.encoded(wanted.text())
        let (status, answer) = try await call("GET", "/containers/json?all=1&filters=\(filters)")
        let names = try checked(status, answer).array?.compactMap { $0["Names"]?.array?.first?.string } ?? []
        return names.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
    }

    func hasImage(_ image: String) async throws -> Bool {
        let (status, answer) = try await call("GET", "/images/\(Self.encoded(image, keeping: "/:@"))/json")
        if status == 404 { return false }
        _ = try checked(status, answer)
        return true
    }

    /// - Throws: `TaskFailure` with code `container.image`.
    func pull(_ image: String) async throws {
        let hasTag = image.split(separator: "/").last.map { $0.contains(":") || $0.contains("@") } ?? false
        let path = "/images/create?fromImage=\(Self.encoded(hasTag ? image : image + ":latest"))"
        let (status, answer) = try await call("POST", path, seconds: 600)
        // What goes wrong on the way stands in the answer, line by line.
        let problem = String(decoding: answer, as: UTF8.self).split(separator: "\n").compactMap { line in
            (try? JSON(parsing: String(line)))?["error"]?.string
        }.first
        let refusal = (200..<300).contains(status) ? nil : Self.message(answer)
        guard let reason = problem ?? refusal else { return }
        throw TaskFailure(
            "the image '\(image)' cannot be pulled: \(reason)", code: "container.image",
            hint: "is its name right, and may this machine's engine read it? `pull: missing` and `pull: never` take what is here")
    }

    /// Follows what a container writes, until it has ended.
    /// - Parameter since: what was written before may be left out; nil for all of it.
    /// - Parameter line: hears each line with the time before it, or a further piece of one, and whether it came on standard error.
    func follow(
        _ name: String, since: Timestamp? = nil,
        line: @escaping @Sendable (_ bytes: [UInt8], _ isError: Bool, _ goesOn: Bool) -> Void
    ) async throws {
        let begin = since.map { "&since=\($0.seconds)" } ?? ""
        let path = "/containers/\(name)/logs?follow=1&stdout=1&stderr=1&timestamps=1\(begin)"
        try await exchange { exchange in
            var frames = LogFrames()
            var refusal: [UInt8] = []
            let status = try exchange.run("GET", path, seconds: nil) { status, piece in
                if status == 200 { frames.feed(piece, line) } else { refusal += piece }
            }
            frames.finish(line)
            if status != 200 { _ = try checked(status, refusal) }
        }
    }

    // MARK: Calls

    private func call(
        _ method: String, _ path: String, _ document: JSON? = nil, seconds: Int? = 60
    ) async throws -> (status: Int, body: [UInt8]) {
        try await exchange { exchange in
            var body: [UInt8] = []
            let status = try exchange.run(method, path, json: document?.text(), seconds: seconds) { body += $1 }
            return (status, body)
        }
    }

    /// On a thread of its own, since it may wait for long.
    private func exchange<Answer: Sendable>(_ body: @escaping @Sendable (EngineExchange) throws -> Answer) async throws -> Answer
    {
        try Task.checkCancellation()
        let exchange = EngineExchange(address)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let thread = Thread { continuation.resume(with: Result { try body(exchange) }) }
                thread.stackSize = 512 << 10
                thread.name = "leat.container"
                thread.start()
            }
        } onCancel: {
            exchange.cut()
        }
    }

    private func checked(_ status: Int, _ answer: [UInt8]) throws -> JSON {
        guard (200..<300).contains(status) else {
            throw TaskFailure(
                "the container engine answered: \(Self.message(answer) ?? "status \(status)")", code: "container.refused",
                isRetryable: status >= 500)
        }
        return (try? JSON(parsing: answer)) ?? .null
    }

    private static func message(_ answer: [UInt8]) -> String? {
        (try? JSON(parsing: answer))?["message"]?.string
            ?? (answer.isEmpty ? nil : String(decoding: answer.prefix(300), as: UTF8.self))
    }

    private static func encoded(_ text: String, keeping: String = "") -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~" + keeping)
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}
