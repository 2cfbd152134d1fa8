/// Where a run stands.
///
/// Airflow has no `cancelled`: its API shows such a run as failed.
package enum RunState: String, Sendable, Hashable, CaseIterable {
    case queued, running, success, failed, cancelled

    /// Whether the state is final.
    package var isFinished: Bool { self != .queued && self != .running }
}
