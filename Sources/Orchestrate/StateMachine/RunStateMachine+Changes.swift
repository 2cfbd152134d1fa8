extension RunStateMachine {
    /// Lets tasks run again, with all their retries. What they come before decides anew once they have ended, if it waits.
    mutating func clear(_ tasks: [TaskID]) {
        guard stop == nil, !isSuspending else { return }
        for task in tasks {
            guard let index = graph.index(of: task) else { continue }
            switch nodes[index].state {
            case .none, .scheduled: break
            case .queued, .running:
                nodes[index].verdict = .cleared
                end(index, TaskFailure("the task was cleared", code: "task.cleared"))
            case .upForRetry:
                let key = AttemptKey(task: task, number: nodes[index].attempts)
                actions.append(.cancelTimer(.retry(key)))
                nodes[index].retryAt = nil
                reopen(index)
            case .success, .failed, .skipped, .upstreamFailed, .removed:
                unfinishedCount += 1
                countInGroups(index, isFinished: false)
                reopen(index)
                for next in graph.downstream[index] { recount(next) }
            }
        }
    }

    /// Ends tasks as somebody says. After a success, those that did not run because of the failure may run.
    mutating func mark(_ tasks: [TaskID], _ state: TaskState, at now: Timestamp) {
        guard stop == nil, !isSuspending, state.isFinished else { return }
        let reason = "marked as \(state.rawValue)"
        var marked: [Int] = []
        for task in tasks {
            guard let index = graph.index(of: task), nodes[index].state != state else { continue }
            marked.append(index)
            switch nodes[index].state {
            case .none, .scheduled: finish(index, state, reason: reason, at: now)
            case .upForRetry:
                let key = AttemptKey(task: task, number: nodes[index].attempts)
                actions.append(.cancelTimer(.retry(key)))
                nodes[index].retryAt = nil
                finish(index, state, reason: reason, at: now)
            case .queued, .running:
                nodes[index].verdict = .marked(state)
                end(index, TaskFailure(reason, code: "task.marked", isRetryable: false))
            case .success, .failed, .skipped, .upstreamFailed, .removed:
                change(index, to: state, reason: reason)
                for next in graph.downstream[index] { recount(next) }
            }
        }
        guard state == .success else { return }
        let blocked = graph.descendants(of: marked).subtracting(marked).filter { nodes[$0].state == .upstreamFailed }
        clear(blocked.sorted().map { graph.tasks[$0].id })
    }

    /// Ends what is under way, to be begun again later.
    mutating func suspend(reason: String) {
        guard !isSuspending else { return }
        isSuspending = true
        ready.removeAll()
        readyToWait.removeAll()
        for index in nodes.indices {
            if nodes[index].state.isActive, graph.tasks[index].isDurable {
                letGo(index, .interrupted(reason))
            } else if nodes[index].state.isActive {
                end(index, .interrupted(reason))
            }
            guard nodes[index].state == .scheduled else { continue }
            releaseSlots(index)
            change(index, to: .none)
        }
    }

    /// Has a task wait as if it had never run; its attempts so far do not count.
    mutating func reopen(_ index: Int) {
        nodes[index].uncounted = nodes[index].attempts
        change(index, to: .none)
        undecided.insert(index)
    }

    /// Tells the executor to end the attempt under way.
    private mutating func end(_ index: Int, _ failure: TaskFailure) {
        guard nodes[index].cancellation == nil else { return }
        nodes[index].cancellation = failure
        actions.append(
            .cancelAttempt(
                AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts), reason: failure.message))
    }

    /// Tells the executor to let go of the attempt under way.
    private mutating func letGo(_ index: Int, _ failure: TaskFailure) {
        guard nodes[index].cancellation == nil else { return }
        nodes[index].cancellation = failure
        actions.append(.letGoOfAttempt(AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)))
    }

    /// Counts anew how the tasks before one stand.
    mutating func recount(_ index: Int) {
        let sources = graph.upstream[index]
        var counts = UpstreamCounts(total: sources.count, setups: sources.count { graph.tasks[$0].isSetup })
        for source in sources where nodes[source].state.isFinished && !unannounced.contains(source) && !isHeld(source, for: index)
        {
            counts.add(nodes[source].state, isSetup: graph.tasks[source].isSetup)
        }
        nodes[index].counts = counts
        if nodes[index].state == .none { undecided.insert(index) }
    }
}
