package import Orchestrate

/// What pages and APIs ask of the engine.
package protocol RunControl: Sendable {
    /// Starts a run and gives its name.
    /// - Throws: `UserFacingError` where the pipeline may not run now.
    func trigger(_ pipeline: PipelineID, _ request: RunRequest, by user: String) async throws -> RunID
    /// Stops a run.
    func cancel(_ run: RunID, by user: String) async throws
    /// Repeats the failed tasks of a finished run, and those that never ran because of them.
    func rerunFailed(_ run: RunID, by user: String) async throws
    func setPaused(_ isPaused: Bool, _ pipeline: PipelineID, by user: String) async throws
    /// Why a task does not run yet, in one sentence; nil where nothing is known.
    func explanation(of task: TaskID, in run: RunID) async -> String?
}
