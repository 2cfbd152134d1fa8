/// What brought a run about; Airflow's run types.
package enum RunKind: String, Sendable, Hashable, CaseIterable {
    case manual
    case scheduled
    case backfill
    /// Set off by new data or by another pipeline's run.
    case triggered = "asset_triggered"
}
