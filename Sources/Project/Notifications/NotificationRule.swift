import Diagnostics
import Documents

/// What people can be told of runs and tasks.
package enum NotificationEvent: String, Sendable, CaseIterable {
    case success, failure, retry, deadline
    /// A run succeeds after the one before it had failed.
    case recovery
}

/// Who is told of what: `{on: [failure, deadline], to: [team]}`.
struct NotificationRule: Sendable {
    let events: Set<NotificationEvent>
    /// Names of channels.
    let channels: [(name: String, location: SourceLocation)]

    /// What a rule is about that does not say it.
    static let standardEvents: Set<NotificationEvent> = [.failure, .deadline, .recovery]

    /// The rules of a `notify:`: a channel's name, a rule, or a list of them.
    static func rules(_ node: YAMLNode, of subject: String) throws -> [NotificationRule] {
        try (node.items ?? [node]).map { try NotificationRule($0, of: "'notify' of \(subject)") }
    }

    private init(_ node: YAMLNode, of subject: String) throws {
        guard node.members != nil else {
            events = Self.standardEvents
            channels = [(node.scalarText, node.location)]
            return
        }
        var keys = try YAMLMapping(node, of: subject)
        let on = keys.optional("on")
        let to = try keys.required("to")
        try keys.finish()
        events =
            try on.map { on in
                Set(
                    try (on.items ?? [on]).map { item in
                        if let event = NotificationEvent(rawValue: item.scalarText) { return event }
                        let names = NotificationEvent.allCases.map(\.rawValue)
                        throw DocumentError(
                            .badValue, "nobody can be told of '\(item.scalarText)'", location: item.location,
                            hint: Suggestion.hint(for: item.scalarText, in: names)
                                ?? "it is one of: \(names.joined(separator: ", "))")
                    })
            } ?? Self.standardEvents
        channels = (to.items ?? [to]).map { ($0.scalarText, $0.location) }
    }
}

extension [NotificationRule] {
    /// The channels that hear of an event, each once.
    func channels(for event: NotificationEvent) -> [String] {
        var seen: Set<String> = []
        return filter { $0.events.contains(event) }.flatMap { $0.channels.map(\.name) }.filter { seen.insert($0).inserted }
    }
}
