package import Documents

/// What is wanted of a backfill: runs for all intervals of a schedule in a span of time.
package struct BackfillRequest: Sendable, Hashable {
    /// What becomes of intervals that have a run already.
    package enum Reprocess: String, Sendable, Hashable, CaseIterable {
        /// They are left alone.
        case missing
        /// Those that failed have their failed tasks run again.
        case failed
        /// All of them run again, whole.
        case all
    }

    /// Intervals that begin from here on...
    package var from: Timestamp
    /// ... up to here, this one too.
    package var to: Timestamp
    package var reprocess: Reprocess
    /// Whether the latest interval comes first.
    package var isBackward: Bool
    /// How many of its runs may be under way at once; nil leaves that to the pipeline.
    package var maxActiveRuns: Int?
    package var parameters: JSON
    package var note: String?

    package init(
        from: Timestamp, to: Timestamp, reprocess: Reprocess = .missing, isBackward: Bool = false, maxActiveRuns: Int? = nil,
        parameters: JSON = .object(JSON.Members()), note: String? = nil
    ) {
        self.from = from
        self.to = to
        self.reprocess = reprocess
        self.isBackward = isBackward
        self.maxActiveRuns = maxActiveRuns
        self.parameters = parameters
        self.note = note
    }
}

/// The runs that a backfill comes to.
package struct BackfillPlan: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable {
        case create
        case repeatFailed = "repeat_failed"
        case repeatAll = "repeat_all"
        /// There is a run, and it stays as it is.
        case none
    }

    package struct Run: Sendable, Hashable {
        package let id: RunID
        package let interval: DataInterval
        package let action: Action
        /// How the run that is there stands.
        package let state: RunState?
    }

    /// The backfill's name, which its new runs carry.
    package let name: String
    package let backfill: BackfillRequest
    /// In the order in which they will begin.
    package let runs: [Run]

    /// How many runs will begin.
    package var count: Int { runs.count { $0.action != .none } }

    func request(for run: Run) -> RunRequest {
        RunRequest(
            kind: .backfill, logicalDate: run.interval.start, dataInterval: run.interval, parameters: backfill.parameters,
            note: backfill.note,
            backfill: RunRequest.Backfill(name: name, maxActiveRuns: backfill.maxActiveRuns))
    }
}

extension RunControl {
    /// How many runs one backfill may have.
    package static let maximumBackfillRuns = 100_000

    /// The runs that a backfill would start. Changes nothing: this is also the dry run.
    /// - Throws: `OrchestrateError` with code `backfill.no_schedule`, `backfill.bad_range` or `run.bad_parameters`.
    package func plan(_ backfill: BackfillRequest, of pipeline: PipelineDefinition) async throws -> BackfillPlan {
        var backfill = backfill
        backfill.parameters = try pipeline.parameters(from: backfill.parameters)
        let intervals = try Self.intervals(of: backfill, pipeline)
        let name = "backfill__\(clock.now())"
        var known: [Timestamp: RunRecord] = [:]
        if let first = intervals.first, let last = intervals.last {
            for run in try await store.runs(of: pipeline.id, logicalDates: first.start...last.start) {
                if let date = run.logicalDate { known[date] = run }
            }
        }
        let runs = intervals.map { interval -> BackfillPlan.Run in
            guard let run = known[interval.start] else {
                let id = RunID(pipeline: pipeline.id, name: "backfill__\(interval.start)")
                return BackfillPlan.Run(id: id, interval: interval, action: .create, state: nil)
            }
            let action: BackfillPlan.Action =
                switch backfill.reprocess {
                case _ where !run.state.isFinished: .none
                case .missing: .none
                case .failed: run.state == .success ? .none : .repeatFailed
                case .all: .repeatAll
                }
            return BackfillPlan.Run(id: run.id, interval: interval, action: action, state: run.state)
        }
        return BackfillPlan(name: name, backfill: backfill, runs: backfill.isBackward ? runs.reversed() : runs)
    }

    private static func intervals(
        of backfill: BackfillRequest, _ pipeline: PipelineDefinition
    ) throws(OrchestrateError) -> [DataInterval] {
        guard backfill.from <= backfill.to else {
            throw OrchestrateError(.badRange, "the backfill would end before it begins", hint: "--from comes before --to")
        }
        var intervals: [DataInterval] = []
        var begin = pipeline.schedule.next(after: backfill.from - .microseconds(1))
        guard begin != nil || pipeline.schedule.isTimed else {
            throw OrchestrateError(
                .noSchedule, "pipeline '\(pipeline.id)' has no schedule by time, so there are no intervals to fill",
                hint: "trigger it with --logical-date instead")
        }
        while let start = begin, start <= backfill.to, let end = pipeline.schedule.next(after: start) {
            intervals.append(DataInterval(start: start, end: end))
            guard intervals.count <= maximumBackfillRuns else {
                throw OrchestrateError(
                    .badRange, "the backfill has more than \(maximumBackfillRuns) runs", hint: "choose a shorter span")
            }
            begin = end
        }
        return intervals
    }
}
