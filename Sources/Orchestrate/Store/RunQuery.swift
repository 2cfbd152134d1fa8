/// Which runs a list is to have, in which order, and which part of the list.
package struct RunQuery: Sendable {
    /// A time of a run.
    package enum Moment: Sendable, Hashable, CaseIterable {
        case queuedAt, startedAt, finishedAt
        /// The date that it stands for, or when it was asked for where it stands for none.
        case logicalDate
        /// When it was due, or asked for.
        case dueAt
        /// When it last became something else.
        case changedAt

        /// An expression over the columns of the table `run`.
        var sql: String {
            switch self {
            case .queuedAt: "queued_at"
            case .startedAt: "started_at"
            case .finishedAt: "finished_at"
            case .logicalDate: "coalesce(logical_date, queued_at)"
            case .dueAt: "coalesce(due_at, queued_at)"
            case .changedAt: "coalesce(finished_at, started_at, queued_at)"
            }
        }
    }

    /// What a list is sorted by; what is equal stands in the order in which it was asked for.
    package enum Key: Sendable, Hashable {
        case moment(Moment)
        case pipeline, name, state, kind, duration

        var sql: String {
            switch self {
            case .moment(let moment): moment.sql
            case .pipeline: "pipeline"
            case .name: "name"
            case .state: "state"
            case .kind: "kind"
            case .duration: "finished_at - started_at"
            }
        }
    }

    /// A span that one of a run's times lies in, both ends included; runs without that time are not in it.
    package struct Span: Sendable, Hashable {
        let moment: Moment
        let first: Timestamp?
        let last: Timestamp?

        package init(_ moment: Moment, from first: Timestamp? = nil, to last: Timestamp? = nil) {
            self.moment = moment
            self.first = first
            self.last = last
        }
    }

    /// nil for those of all pipelines, here as below.
    package var pipelines: [PipelineID]?
    package var states: Set<RunState>?
    package var kinds: Set<RunKind>?
    package var spans: [Span] = []
    package var key = Key.moment(.queuedAt)
    /// Whether the greatest comes first, such as the newest.
    package var isDescending = true
    package var limit = 100
    package var offset = 0

    package init(of pipeline: PipelineID? = nil) { pipelines = pipeline.map { [$0] } }
}

/// How many runs there were on a day in UTC.
package struct RunDay: Sendable, Hashable {
    /// Counted from 1970-01-01.
    package let day: Int
    package let all: Int
    package let failed: Int
}
