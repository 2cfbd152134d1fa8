import Documents
import HTTPTypes
import Orchestrate

/// Which runs a list is to have: states, kinds, and spans of time.
struct AirflowRunFilter: Sendable {
    private var states: Set<String> = []
    private var kinds: Set<String> = []
    private var spans: [Span] = []

    /// A span that one of a run's times lies in.
    private struct Span: Sendable {
        let time: @Sendable (RunRecord) -> Timestamp?
        let first: Timestamp?
        let last: Timestamp?
    }

    /// The names of the times in queries, and what they mean.
    private static let times: [(name: String, time: @Sendable (RunRecord) -> Timestamp?)] = [
        ("logical_date", { $0.logicalDate ?? $0.queuedAt }), ("execution_date", { $0.logicalDate ?? $0.queuedAt }),
        ("run_after", { $0.dueAt ?? $0.queuedAt }), ("start_date", { $0.startedAt }), ("end_date", { $0.finishedAt }),
        ("updated_at", { $0.finishedAt ?? $0.startedAt ?? $0.queuedAt }),
    ]

    /// - Throws: `Problem` 400 for a time that is none.
    init(query: FormFields) throws {
        states = Set(query.all("state"))
        kinds = Set(query.all("run_type"))
        try addSpans { query[$0].map { .string($0) } }
    }

    /// - Throws: `Problem` 400 for a time that is none.
    init(body: JSON) throws {
        states = Set((body["states"]?.array ?? []).compactMap(\.string))
        try addSpans { body[$0] }
    }

    private mutating func addSpans(_ value: (String) -> JSON?) throws {
        for (name, time) in Self.times {
            let first = try Self.moment(value(name + "_gte"), name + "_gte")
            let last = try Self.moment(value(name + "_lte"), name + "_lte")
            if first != nil || last != nil { spans.append(Span(time: time, first: first, last: last)) }
        }
    }

    func accepts(_ run: RunRecord) -> Bool {
        guard states.isEmpty || states.contains(run.state.airflow), kinds.isEmpty || kinds.contains(run.kind.rawValue) else {
            return false
        }
        return spans.allSatisfy { span in
            guard let time = span.time(run) else { return false }
            return (span.first.map { time >= $0 } ?? true) && (span.last.map { time <= $0 } ?? true)
        }
    }

    /// A time of a query or a document; nil where there is none.
    /// - Throws: `Problem` 400.
    static func moment(_ value: JSON?, _ name: String) throws -> Timestamp? {
        guard let value, !value.isNull else { return nil }
        // A + of a zone that was not encoded reaches us as a space.
        guard let text = value.string?.replacing(" ", with: "+"), let moment = try? Timestamp(parsing: text) else {
            throw Problem(.badRequest, "\(name) is no time", hint: "write it as 2026-11-23T06:00:00Z")
        }
        return moment
    }
}
