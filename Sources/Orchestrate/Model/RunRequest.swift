package import Documents

/// What somebody asks for when starting a run: everything about it but the pipeline.
package struct RunRequest: Sendable, Hashable {
    package var kind: RunKind
    /// The run's name within its pipeline; nil lets the runner make one from the kind and the time.
    package var name: String?
    /// The time that the run stands for: of a scheduled run, the start of its data interval.
    package var logicalDate: Timestamp?
    package var dataInterval: DataInterval?
    /// Values given by who started it, an object.
    package var parameters: JSON
    package var note: String?
    /// When the run should have begun, from which deadlines count; nil stands for when it really begins.
    ///
    /// A scheduled run has the end of its data interval here, so that a late scheduler makes a late run; a backfill has nil,
    /// for work that is years old is not late.
    package var dueAt: Timestamp?
    /// The backfill that the run is part of.
    package var backfill: Backfill?

    package init(
        kind: RunKind = .manual, name: String? = nil, logicalDate: Timestamp? = nil, dataInterval: DataInterval? = nil,
        parameters: JSON = .object(JSON.Members()), note: String? = nil, dueAt: Timestamp? = nil,
        backfill: Backfill? = nil
    ) {
        self.kind = kind
        self.name = name
        self.logicalDate = logicalDate
        self.dataInterval = dataInterval
        self.parameters = parameters
        self.note = note
        self.dueAt = dueAt
        self.backfill = backfill
    }

    /// Runs that were asked for together, to fill a span of time.
    package struct Backfill: Sendable, Hashable {
        package var name: String
        /// How many of its runs may be under way at once; nil leaves that to the pipeline.
        package var maxActiveRuns: Int?

        package init(name: String, maxActiveRuns: Int? = nil) {
            self.name = name
            self.maxActiveRuns = maxActiveRuns
        }
    }

    /// The name that the run gets: the one asked for, or one such as `manual__2026-09-18T12:00:00.000000Z`.
    package func runName(at now: Timestamp) -> String {
        name ?? "\(kind.rawValue)__\(kind == .manual ? now : logicalDate ?? now)"
    }
}
