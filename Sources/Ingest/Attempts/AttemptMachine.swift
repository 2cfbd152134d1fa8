/// Decides after each failed attempt of a sync whether there is another one. Knows no clock and moves nothing.
struct AttemptMachine {
    /// How an attempt failed.
    struct Failure: Hashable {
        /// Whether something stays of the attempt: a stream, or a part of one.
        var hasMoved: Bool
        /// Whether the same may succeed a little later.
        var isTransient: Bool
    }

    enum Decision: Hashable {
        case retry(after: Duration)
        case giveUp
    }

    let rule: RetryRule
    let limits: AttemptLimits
    private var complete = (inARow: 0, inTotal: 0)
    private var partial = (inARow: 0, inTotal: 0)

    init(rule: RetryRule, limits: AttemptLimits) {
        self.rule = rule
        self.limits = limits
    }

    /// The attempts so far that failed.
    var failures: Int { complete.inTotal + partial.inTotal }

    mutating func failed(_ failure: Failure) -> Decision {
        if failure.hasMoved {
            partial = (partial.inARow + 1, partial.inTotal + 1)
            complete.inARow = 0
        } else {
            complete = (complete.inARow + 1, complete.inTotal + 1)
            partial.inARow = 0
        }
        guard failure.isTransient, rule == .always || rule == .progress && partial.inTotal > 0 else { return .giveUp }
        guard complete.inARow < limits.completeInARow, complete.inTotal < limits.completeInTotal,
            partial.inARow < limits.partialInARow, partial.inTotal < limits.partialInTotal
        else { return .giveUp }
        return .retry(after: failure.hasMoved ? .zero : backoff)
    }

    private var backoff: Duration {
        var wait = limits.minimumBackoff
        for _ in 1..<max(1, complete.inARow) where wait < limits.maximumBackoff { wait = wait * limits.backoffBase }
        return min(wait, limits.maximumBackoff)
    }
}
