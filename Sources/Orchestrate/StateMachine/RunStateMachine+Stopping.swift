extension RunStateMachine {
    /// Ends the run early: what has not begun is skipped, what waits for another attempt has failed, what is under way is told
    /// to end and awaited.
    mutating func stop(_ wanted: Stop, at now: Timestamp) {
        if stop != nil {
            // A person's word counts more than the machine's own reason.
            if wanted.state == .cancelled { stop = wanted }
            return
        }
        stop = wanted
        if state == .queued {
            state = .running
            actions.append(.runChanged(.running))
        }
        for index in nodes.indices {
            switch nodes[index].state {
            // Its last attempt is still to be told as failed, and the task with it.
            case .none where nodes[index].isLost: continue
            case .none, .scheduled: finish(index, .skipped, reason: wanted.reason, at: now)
            case .upForRetry:
                let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
                actions.append(.cancelTimer(.retry(key)))
                nodes[index].retryAt = nil
                finish(index, .failed, reason: wanted.reason, at: now)
            case .queued, .running:
                guard nodes[index].cancellation == nil else { continue }
                nodes[index].cancellation = .stopped(wanted.reason)
                let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
                actions.append(.cancelAttempt(key, reason: wanted.reason))
            case .success, .failed, .skipped, .upstreamFailed, .removed: break
            }
        }
        ready.removeAll()
        readyToWait.removeAll()
    }
}
