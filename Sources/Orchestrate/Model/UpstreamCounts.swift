/// How many of the tasks before one ended in which way: all that a trigger rule looks at.
package struct UpstreamCounts: Sendable, Hashable {
    package var total: Int
    package var success = 0
    package var failed = 0
    package var skipped = 0
    package var upstreamFailed = 0
    package var removed = 0
    /// How many of them are setups.
    package var setups = 0
    package var setupSuccess = 0
    package var setupSkipped = 0

    package init(total: Int, setups: Int = 0) {
        self.total = total
        self.setups = setups
    }

    /// Whether all have ended.
    package var isDone: Bool { success + failed + skipped + upstreamFailed + removed >= total }

    var anyFailed: Bool { failed + upstreamFailed > 0 }

    /// Notes that one more has ended in `state`.
    package mutating func add(_ state: TaskState, isSetup: Bool = false) {
        switch state {
        case .success:
            success += 1
            if isSetup { setupSuccess += 1 }
        case .failed: failed += 1
        case .skipped:
            skipped += 1
            if isSetup { setupSkipped += 1 }
        case .upstreamFailed: upstreamFailed += 1
        case .removed: removed += 1
        case .none, .scheduled, .queued, .running, .upForRetry: break
        }
    }
}
