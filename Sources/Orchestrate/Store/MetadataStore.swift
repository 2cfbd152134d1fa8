package import Documents

/// Keeps runs, tasks and attempts, and what pipelines and connections remember.
///
/// A write that has begun is finished even when the task that asked for it is cancelled, so that a cancelled run is recorded.
/// Several processes may use one store at once. A run belongs to the store instance that created it; when that process ends
/// without having finished the run, another finds it in `closeOrphans()`.
package protocol MetadataStore: Sendable {
    /// Records a new run and all its tasks.
    /// - Parameter maxActiveRuns: how many runs the pipeline may have open, with this one, over all processes.
    /// - Throws: `OrchestrateError`, with code `store.duplicate_run` where the pipeline has a run of that name, and `run.too_many`
    ///   where it has as many open runs as it may.
    func create(_ run: RunRecord, tasks: [TaskRecord], maxActiveRuns: Int) async throws
    /// Records new states, all or none.
    func record(_ changes: RunChanges) async throws
    /// Marks what the runs of ended processes have left open as failed, and says which these were.
    @discardableResult
    func closeOrphans() async throws -> [RunID]

    func run(_ id: RunID) async throws -> RunRecord?
    /// The newest runs first.
    func runs(of pipeline: PipelineID?, states: Set<RunState>?, limit: Int) async throws -> [RunRecord]
    /// In the order of definition.
    func tasks(of run: RunID) async throws -> [TaskRecord]
    /// In the order of tasks, then of numbers.
    func attempts(of run: RunID, task: TaskID?) async throws -> [AttemptRecord]
    /// Removes finished runs older than `moment`, and says how many; their log files are the caller's.
    func removeRuns(of pipeline: PipelineID?, finishedBefore moment: Timestamp) async throws -> Int

    /// nil where nobody has paused or unpaused it yet.
    func isPaused(_ pipeline: PipelineID) async throws -> Bool?
    func setPaused(_ isPaused: Bool, of pipeline: PipelineID) async throws
    /// A value kept under a name in a scope, such as the state of a connection.
    func value(of key: String, in scope: String) async throws -> JSON?
    func setValue(_ value: JSON?, of key: String, in scope: String) async throws
}

extension MetadataStore {
    package func runs(of pipeline: PipelineID? = nil, limit: Int = 100) async throws -> [RunRecord] {
        try await runs(of: pipeline, states: nil, limit: limit)
    }

    package func attempts(of run: RunID) async throws -> [AttemptRecord] { try await attempts(of: run, task: nil) }
}
