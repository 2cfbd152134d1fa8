extension RunStateMachine {
    /// What a task waits for that comes after unfinished ones.
    static func waiting(for tasks: [TaskID], _ rule: TriggerRule) -> String {
        let names = tasks.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        return "waits for \(names)\(tasks.count > 3 ? " and \(tasks.count - 3) more" : "") (\(rule.rawValue))"
    }

    /// Why a task does not run at the moment, in one sentence; nil when it runs, has ended or does not exist.
    package func explanation(of task: TaskID) -> String? {
        guard let index = graph.index(of: task) else { return nil }
        let node = nodes[index]
        switch node.state {
        case .none:
            let open = graph.upstream[index].filter { !nodes[$0].state.isFinished }.map { graph.tasks[$0].id }
            return open.isEmpty ? "the run has not started" : Self.waiting(for: open, graph.tasks[index].triggerRule)
        case .scheduled:
            if let reason = node.waitsBecause { return reason }
            let limit = graph.definition.maxActiveTasks
            return "waits for room: \(roomTaken) of at most \(limit) tasks are under way"
        case .upForRetry:
            return "attempt \(node.attempts) failed; the next begins at \(node.retryAt.map(\.description) ?? "once")"
        case .queued: return "waits for the executor to begin"
        case .running, .success, .failed, .skipped, .upstreamFailed, .removed: return nil
        }
    }
}
