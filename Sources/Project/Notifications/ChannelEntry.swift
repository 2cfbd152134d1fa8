package import Diagnostics
import Documents
import Orchestrate

/// A way to tell people something: one entry under `channels:`.
///
/// Its texts are rendered when something is told, so that a secret is as it is then, and none is asked for before.
package struct ChannelEntry: Sendable {
    enum Kind: Sendable {
        /// A document of JSON, or `body`, for any HTTP server.
        case webhook(url: TaskText, method: String, headers: [(name: String, value: TaskText)], body: TaskText?)
        /// An incoming webhook of Slack, or of what understands the same.
        case slack(url: TaskText, channel: TaskText?, username: TaskText?)
        /// A program, which finds the document on its standard input.
        case command(words: [TaskText], isShell: Bool, environment: [(name: String, value: TaskText)])
    }

    package let name: String
    let kind: Kind
    /// What is said of each event; nil for Leat's own sentences.
    let text: TaskText?
    /// There is at most one message in this time; what happens meanwhile goes into the next one together.
    let interval: Duration
    package let location: SourceLocation

    private static let kinds = ["webhook", "slack", "command"]

    init(_ member: YAMLNode.Member) throws {
        let subject = "the channel '\(member.key)'"
        name = member.key
        location = member.keyLocation
        var keys = try YAMLMapping(member.value, of: subject)
        var kinds: [Kind] = []
        for key in Self.kinds {
            guard let node = keys.optional(key) else { continue }
            kinds.append(try Self.kind(key, node, of: "'\(key)' of \(subject)"))
        }
        text = keys.optional("text").map { TaskText($0) }
        interval =
            try keys.optional("every").map { node in
                try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
            } ?? .seconds(60)
        try keys.finish()
        guard kinds.count == 1 else {
            throw DocumentError(
                .badValue, "\(subject) must have exactly one of \(Self.kinds.joined(separator: ", "))", location: location)
        }
        kind = kinds[0]
    }

    private static func kind(_ key: String, _ node: YAMLNode, of subject: String) throws -> Kind {
        if node.members == nil {
            switch key {
            case "webhook": return .webhook(url: TaskText(node), method: "POST", headers: [], body: nil)
            case "slack": return .slack(url: TaskText(node), channel: nil, username: nil)
            default: return command(node, environment: [])
            }
        }
        var keys = try YAMLMapping(node, of: subject)
        let kind: Kind
        switch key {
        case "webhook":
            kind = .webhook(
                url: TaskText(try keys.required("url")), method: try keys.string("method")?.uppercased() ?? "POST",
                headers: try keys.members("headers").map { ($0.key, TaskText($0.value)) },
                body: keys.optional("body").map { node in
                    node.members == nil && node.items == nil ? TaskText(node) : TaskText(node.json.text(), at: node.location)
                })
        case "slack":
            kind = .slack(
                url: TaskText(try keys.required("url")), channel: keys.optional("channel").map { TaskText($0) },
                username: keys.optional("username").map { TaskText($0) })
        default:
            kind = command(
                try keys.required("run"), environment: try keys.members("env").map { ($0.key, TaskText($0.value)) })
        }
        try keys.finish()
        return kind
    }

    private static func command(_ node: YAMLNode, environment: [(name: String, value: TaskText)]) -> Kind {
        .command(words: (node.items ?? [node]).map { TaskText($0) }, isShell: node.items == nil, environment: environment)
    }

    /// The texts that are rendered when something is told.
    var templates: [TaskText] {
        let own: [TaskText?] =
            switch kind {
            case .webhook(let url, _, let headers, let body): [url, body] + headers.map { $0.value }
            case .slack(let url, let channel, let username): [url, channel, username]
            case .command(let words, _, let environment): words + environment.map { $0.value }
            }
        return (own + [text]).compactMap { $0 }
    }

    /// Whether the value at a path of leat.yml is rendered when something is told.
    static func isRenderedLater(_ path: [String]) -> Bool {
        path.count >= 3 && path[0] == "channels" && path[2] != "every"
    }
}
