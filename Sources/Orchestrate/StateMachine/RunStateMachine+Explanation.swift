extension RunStateMachine {
    /// Why a task does not run at the moment, in one sentence; nil when it runs, has ended or does not exist.
    package func explanation(of task: TaskID) -> String? {
        guard let index = graph.index(of: task) else { return nil }
        let node = nodes[index]
        switch node.state {
        case .none:
            let open = graph.upstream[index].filter { !nodes[$0].state.isFinished }.map { "'\(graph.tasks[$0].id)'" }
            if open.isEmpty { return "the run has not started" }
            let shown = open.prefix(3).joined(separator: ", ") + (open.count > 3 ? " and \(open.count - 3) more" : "")
            return "waits for \(shown) (\(graph.tasks[index].triggerRule.rawValue))"
        case .scheduled:
            let limit = graph.definition.maxActiveTasks
            return "waits for room: \(activeCount) of at most \(limit) tasks are under way"
        case .upForRetry:
            return "attempt \(node.attempts) failed; the next begins at \(node.retryAt.map(\.description) ?? "once")"
        case .queued: return "waits for the executor to begin"
        case .running, .success, .failed, .skipped, .upstreamFailed, .removed: return nil
        }
    }
}
