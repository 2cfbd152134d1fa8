import Documents
import Foundation
import Orchestrate
import Processes
import Synchronization

/// Sends one message through a channel, once.
struct ChannelDelivery: Sendable {
    let channel: ChannelEntry
    let project: LeatProject
    /// Variables, connections and secrets as they are now.
    let values: ValueLookup

    /// How long a server or a program may take.
    static let timeout = Duration.seconds(60)
    /// How many events are told of one by one.
    static let maximumTexts = 20

    /// What a message says of several events.
    static func text(of notifications: [Notification]) -> String {
        let lines = notifications.prefix(maximumTexts).map(\.text)
        guard notifications.count > maximumTexts else { return lines.joined(separator: "\n") }
        let rest = Dictionary(grouping: notifications.dropFirst(maximumTexts), by: \.event)
            .map { "\($0.value.count) \($0.key.rawValue)" }.sorted()
        return lines.joined(separator: "\n") + "\nand \(notifications.count - maximumTexts) more: " + rest.joined(separator: ", ")
    }

    /// - Throws: `TaskFailure`, which says whether another try could help.
    func send(_ notifications: [Notification]) async throws {
        guard let first = notifications.first else { return }
        let text = Self.text(of: notifications)
        let globals = NotificationGlobals(notifications, text: text, first: first, of: nil, values: values)
        func rendered(_ template: TaskText) throws -> String { try TaskRenderer.text(template, globals, values.hidden) }
        let document: JSON = [
            "project": .string(project.name), "text": .string(text), "events": .array(notifications.map(\.json)),
        ]
        switch channel.kind {
        case .webhook(let url, let method, let headers, let body):
            var request = HTTPRequest(
                url: try rendered(url), method: method,
                headers: try headers.map { ($0.name, try rendered($0.value)) },
                body: try body.map { try rendered($0) } ?? document.text())
            if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                request.headers.append(("Content-Type", "application/json"))
            }
            try await send(request)
        case .slack(let url, let channel, let username):
            var message = JSON.Members([("text", .string(text))])
            if let channel { message.append("channel", .string(try rendered(channel))) }
            if let username { message.append("username", .string(try rendered(username))) }
            try await send(
                HTTPRequest(
                    url: try rendered(url), method: "POST", headers: [("Content-Type", "application/json")],
                    body: JSON.object(message).text()))
        case .command(let words, let isShell, let environment):
            try await run(
                try words.map { try rendered($0) }, isShell: isShell,
                environment: try environment.map { ($0.name, try rendered($0.value)) }, document, first, text)
        }
    }

    private func send(_ request: HTTPRequest) async throws {
        var request = request
        request.timeout = Self.timeout
        // Whoever knows the address of such a hook may write to it.
        values.hidden.hide(request.url)
        let answer = try await request.send()
        guard !answer.isExpected(nil) else { return }
        throw TaskFailure(
            "the server answered with status \(answer.status)", code: "notification.refused",
            details: [String(answer.body.prefix(300))],
            isRetryable: answer.status >= 500 || [408, 425, 429].contains(answer.status))
    }

    private func run(
        _ words: [String], isShell: Bool, environment: [(name: String, value: String)], _ document: JSON, _ first: Notification,
        _ text: String
    ) async throws {
        var words = words
        var variables = values.environment
        // The key of stored values is nobody's but Leat's.
        variables[SecretKeySource.variable] = nil
        variables[SecretKeySource.fileVariable] = nil
        variables["LEAT_EVENT"] = first.event.rawValue
        variables["LEAT_PIPELINE"] = first.run.pipeline.rawValue
        variables["LEAT_RUN_ID"] = first.run.name
        variables["LEAT_TASK_ID"] = first.task?.rawValue
        variables["LEAT_TEXT"] = text
        for (name, value) in environment { variables[name] = value }
        _ = values.hidden.keepOut(of: &words, isShell: isShell, &variables)
        var command = ChildCommand(
            isShell ? ["/bin/sh", "-c"] + words : words, environment: variables, directory: project.directory)
        command.input = Array(document.text().utf8)
        let errors = FirstLines()
        let status: ExitStatus? = try await withThrowingTaskGroup(of: ExitStatus?.self) { [command] group in
            group.addTask {
                try await command.run { line in
                    if line.isError { errors.add(line.text) }
                }
            }
            group.addTask {
                try await Task.sleep(for: Self.timeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard status != .exited(0) else { return }
        let reason =
            switch status {
            case .exited(let code): "the command ended with exit code \(code)"
            case .signalled(let signal): "the command was ended by signal \(signal)"
            case nil: "the command did not end within \(Self.timeout.shortText)"
            }
        throw TaskFailure(reason, code: "notification.refused", details: errors.all)
    }
}

/// The first lines that a program writes on standard error.
private final class FirstLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { if $0.count < 5 { $0.append(line) } } }
}
