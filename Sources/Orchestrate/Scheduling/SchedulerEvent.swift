package import Diagnostics

/// News of a scheduler, for who watches it.
package enum SchedulerEvent: Sendable {
    /// It has taken up what was left over, and obeys the schedules from now on.
    case started(pipelines: Int, resumedRuns: Int)
    /// The definitions were read anew.
    case pipelinesChanged(count: Int)
    case pauseChanged(PipelineID, isPaused: Bool)
    /// A run waits for its turn.
    case runQueued(RunID)
    case run(RunEvent)
    /// A run was put down because the scheduler stops; the next one takes it up.
    case runSuspended(RunID)
    /// Something of the scheduler's own does not work; it goes on as well as it can.
    case problem(any UserFacingError)
    case stopped
}
