/// Where a task of a run stands. The names are Airflow's, so that its API and its users find them.
package enum TaskState: String, Sendable, Hashable, CaseIterable {
    /// Waits for what comes before it.
    case none
    /// May start as soon as there is room.
    case scheduled
    /// Handed to the executor, which has not begun yet.
    case queued
    case running
    case success
    case failed
    case skipped
    /// Did not run because something before it failed.
    case upstreamFailed = "upstream_failed"
    /// Failed and will be tried again.
    case upForRetry = "up_for_retry"
    /// No longer part of the pipeline.
    case removed

    /// Whether the state is final.
    package var isFinished: Bool {
        switch self {
        case .success, .failed, .skipped, .upstreamFailed, .removed: true
        case .none, .scheduled, .queued, .running, .upForRetry: false
        }
    }

    /// Whether an attempt is with the executor.
    package var isActive: Bool { self == .queued || self == .running }

    /// Whether the task ended badly, by itself or because of one before it.
    package var isFailure: Bool { self == .failed || self == .upstreamFailed }
}
