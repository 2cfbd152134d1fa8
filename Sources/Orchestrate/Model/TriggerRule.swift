/// When a task runs, given how the tasks before it ended: the thirteen rules of Airflow 3, under its names.
package enum TriggerRule: String, Sendable, Hashable, CaseIterable {
    case allSuccess = "all_success"
    case allFailed = "all_failed"
    case allDone = "all_done"
    case allDoneMinOneSuccess = "all_done_min_one_success"
    /// As `allDone`, but where some of the tasks before it are setups, one of these must have succeeded.
    case allDoneSetupSuccess = "all_done_setup_success"
    case oneSuccess = "one_success"
    case oneFailed = "one_failed"
    case oneDone = "one_done"
    case noneFailed = "none_failed"
    case noneFailedMinOneSuccess = "none_failed_min_one_success"
    case noneSkipped = "none_skipped"
    case allSkipped = "all_skipped"
    case always

    /// What a rule says about a task at a moment.
    package enum Decision: Sendable, Hashable {
        case wait, run, skip, upstreamFailed
    }

    /// What becomes of a task whose upstream stands as `upstream` says.
    ///
    /// The rules are those of Airflow's `trigger_rule_dep.py` for tasks that are not mapped. Once all tasks before it are
    /// done the answer is never `wait`.
    package func decide(_ upstream: UpstreamCounts) -> Decision {
        if upstream.total == 0 { return .run }
        let decision = ruling(upstream)
        return decision == .wait && upstream.isDone ? .upstreamFailed : decision
    }

    private func ruling(_ upstream: UpstreamCounts) -> Decision {
        switch self {
        case .always: return .run
        case .allSuccess:
            if upstream.anyFailed { return .upstreamFailed }
            if upstream.skipped > 0 { return .skip }
            return upstream.success == upstream.total ? .run : .wait
        case .allFailed:
            if upstream.success > 0 || upstream.skipped > 0 { return .skip }
            return upstream.failed + upstream.upstreamFailed == upstream.total ? .run : .wait
        case .allDone: return upstream.isDone ? .run : .wait
        case .allDoneMinOneSuccess:
            if upstream.skipped > 0 { return .skip }
            guard upstream.isDone else { return .wait }
            return upstream.success > 0 ? .run : .upstreamFailed
        case .allDoneSetupSuccess:
            guard upstream.isDone else { return .wait }
            guard upstream.setups > 0, upstream.setupSuccess == 0 else { return .run }
            return upstream.setupSkipped == upstream.setups ? .skip : .upstreamFailed
        case .oneSuccess:
            if upstream.success > 0 { return .run }
            guard upstream.isDone else { return .wait }
            return upstream.skipped == upstream.total ? .skip : .upstreamFailed
        case .oneFailed:
            if upstream.anyFailed { return .run }
            return upstream.isDone ? .skip : .wait
        case .oneDone:
            if upstream.success + upstream.failed > 0 { return .run }
            return upstream.isDone ? .skip : .wait
        case .noneFailed:
            if upstream.anyFailed { return .upstreamFailed }
            return upstream.success + upstream.skipped == upstream.total ? .run : .wait
        case .noneFailedMinOneSuccess:
            if upstream.anyFailed { return .upstreamFailed }
            if upstream.skipped == upstream.total { return .skip }
            return upstream.success + upstream.skipped == upstream.total ? .run : .wait
        case .noneSkipped:
            if upstream.skipped > 0 { return .skip }
            return upstream.isDone ? .run : .wait
        case .allSkipped:
            if upstream.success > 0 || upstream.anyFailed { return .skip }
            return upstream.skipped == upstream.total ? .run : .wait
        }
    }
}
