package import Documents

/// What a scheduler, and who asks something of it, need of a store beyond keeping runs.
///
/// A run without an owner waits for the scheduler. What people ask of runs goes into the store, so that it is not lost when
/// nobody is there to hear of it; `ring` wakes whoever is.
package protocol SchedulingStore: MetadataStore {
    /// Makes this instance the store's scheduler, until it is closed or its process ends.
    /// - Throws: `OrchestrateError` with code `scheduler.running` where there is one already.
    func claimScheduler() throws
    /// Makes room for another scheduler.
    func resignScheduler()
    /// Whether some process is the store's scheduler.
    func isSchedulerRunning() -> Bool
    /// Wakes the processes that work on the store.
    func ring()
    /// Has an element when somebody has rung; several rings may be one. For one listener of an instance at a time.
    func rings() throws -> AsyncStream<Void>

    /// The runs that end from now on, as far as this process writes it; those of other processes have to be looked for.
    func runEnds() -> AsyncStream<RunID>

    /// Records a run that waits for the scheduler.
    /// - Throws: `OrchestrateError` with code `store.duplicate_run` where the pipeline has a run of that name.
    func enqueue(_ run: RunRecord, tasks: [TaskRecord], by author: Author) async throws
    /// The open runs without an owner, the oldest first.
    func waitingRuns() async throws -> [RunRecord]
    /// One run, if it waits.
    func waitingRun(_ id: RunID) async throws -> RunRecord?
    /// Makes a waiting run this instance's.
    /// - Returns: nil where it does not wait any more.
    /// - Throws: `OrchestrateError` with code `run.too_many` where the pipeline has as many runs under way as it may.
    func claim(_ run: RunID, maxActiveRuns: Int) async throws -> RunRecord?
    /// Writes all tasks of a run anew.
    func replaceTasks(of run: RunID, with tasks: [TaskRecord]) async throws
    /// Gives a run back, so that it waits again.
    func release(_ run: RunID) async throws

    /// Does to a run what somebody wants: at once where it is finished or waits, through its owner where it has one.
    /// - Returns: whether anything had to be done.
    func apply(_ command: RunCommand, to run: RunID, by author: Author) async throws -> Bool
    /// Takes out the commands for runs of this instance, and for those that nobody has any more.
    func takeCommands() async throws -> [(run: RunID, command: RunCommand)]

    /// What people say of a run; nil takes away what was said.
    func setNote(_ note: String?, of run: RunID, by author: Author) async throws
    func setPaused(_ isPaused: Bool, of pipeline: PipelineID, by author: Author) async throws
    /// Which pipelines somebody has paused or unpaused.
    func pauses() async throws -> [PipelineID: Bool]
    /// The interval of the last run that time brought about, by pipeline.
    func lastIntervals() async throws -> [PipelineID: DataInterval]
    /// The runs of a pipeline whose logical dates lie in a span, the earliest first.
    func runs(of pipeline: PipelineID, logicalDates: ClosedRange<Timestamp>) async throws -> [RunRecord]
    /// The runs that a query means.
    func runs(_ query: RunQuery) async throws -> [RunRecord]
    /// How many runs a query means, whatever part of them its limit and offset take.
    func count(_ query: RunQuery) async throws -> Int
    /// How many runs of a pipeline began on each day, of those that were asked for since `moment`; days without any are left out.
    func runDays(of pipeline: PipelineID, since moment: Timestamp) async throws -> [RunDay]
    /// The last `limit` runs of each of these pipelines, the newest first.
    func latestRuns(of pipelines: [PipelineID], limit: Int) async throws -> [PipelineID: [RunRecord]]
    /// The tasks of the last `runs` runs of each of these pipelines, those of the newest run first, in the order of definition.
    func latestTasks(of pipelines: [PipelineID], runs: Int) async throws -> [TaskHistory]
    /// How a task went in each of the last `runs` runs of a pipeline that had it, the newest first.
    func history(of task: TaskID, in pipeline: PipelineID, runs: Int) async throws -> [TaskHistory]
    /// When each task of a pipeline last ended well, as far as its last `runs` runs know.
    func lastSuccesses(of pipeline: PipelineID, runs: Int) async throws -> [TaskID: Timestamp]
    /// The runs that were asked for in this microsecond.
    func runs(queuedAt moment: Timestamp) async throws -> [RunRecord]
    /// The run of a pipeline with the latest logical date before a moment; `states` nil for any.
    func lastRun(of pipeline: PipelineID, before date: Timestamp, states: Set<RunState>?) async throws -> RunRecord?
    /// The run of the same pipeline that was asked for last before this one.
    func runBefore(_ run: RunID, states: Set<RunState>) async throws -> RunRecord?
    /// The runs that a clean-up removes, the oldest first: none under way, and never the last that time brought about.
    func oldRuns(_ request: CleanRequest) async throws -> [RunID]
    /// Removes those of these runs that are not under way, and says which these were; their logs are the caller's.
    func remove(_ runs: [RunID], by author: Author) async throws -> [RunID]
    /// All runs that are recorded.
    func runNames() async throws -> [RunID]
    /// The newest entries first.
    func audit(_ filter: AuditFilter) async throws -> [AuditEntry]
    func note(_ entry: AuditEntry) async throws
}

/// A task in one of its pipeline's runs.
package struct TaskHistory: Sendable, Hashable {
    package let run: RunID
    package let queuedAt: Timestamp
    package let task: TaskRecord
}

/// Who asks for something.
package struct Author: Sendable, Hashable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) { self.name = name }

    package var description: String { name }

    /// Leat itself.
    package static let scheduler = Author("scheduler")
}

extension SchedulingStore {
    package func audit(limit: Int) async throws -> [AuditEntry] { try await audit(AuditFilter(limit: limit)) }
}

/// Which entries of the audit log somebody wants to see.
package struct AuditFilter: Sendable, Hashable {
    package var author: Author?
    package var pipeline: PipelineID?
    package var action: String?
    /// One entry by its number.
    package var id: Int?
    package var limit: Int

    package init(
        author: Author? = nil, pipeline: PipelineID? = nil, action: String? = nil, id: Int? = nil, limit: Int = 100
    ) {
        self.author = author
        self.pipeline = pipeline
        self.action = action
        self.id = id
        self.limit = limit
    }
}

/// Who did what.
package struct AuditEntry: Sendable, Hashable {
    /// Its number in the log, which no other entry has; nil before it is kept.
    package var id: Int?
    package var at: Timestamp
    package var author: Author
    /// `trigger`, `cancel`, `clear`, `mark`, `pause`, `unpause`, ...
    package var action: String
    package var pipeline: PipelineID?
    package var run: String?
    package var task: TaskID?
    package var details: JSON

    package init(
        at: Timestamp = .now, author: Author, action: String, pipeline: PipelineID? = nil, run: String? = nil,
        task: TaskID? = nil, details: JSON = .null
    ) {
        self.at = at
        self.author = author
        self.action = action
        self.pipeline = pipeline
        self.run = run
        self.task = task
        self.details = details
    }
}
