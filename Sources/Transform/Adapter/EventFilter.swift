/// A stretch of time; nil where it is open.
struct EventWindow: Sendable, Hashable {
    var start: DateTime?
    /// Not part of it.
    var end: DateTime?
}

/// The rows of an input that happened in a window.
struct EventFilter: Sendable, Hashable {
    var column: String
    var window: EventWindow

    /// `event_time >= '2020-01-01 00:00:00+00:00' and event_time < '...'`, as dbt writes it.
    var condition: String {
        let parts = [
            window.start.map { "\(column) >= '\($0.isoFormat(separator: " "))'" },
            window.end.map { "\(column) < '\($0.isoFormat(separator: " "))'" },
        ]
        return parts.compactMap { $0 }.joined(separator: " and ")
    }
}
