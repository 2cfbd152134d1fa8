extension RunControl {
    /// Why a run does not go on at the moment, in one sentence; nil where it does, or is over.
    package func explanation(of run: RunRecord, in scheduled: ScheduledPipeline) async throws -> String? {
        let pipeline = scheduled.definition
        guard !run.state.isFinished, try await store.waitingRun(run.id) != nil else { return nil }
        if !hasScheduler { return "no scheduler is running: it goes on with the next `leat serve`" }
        if run.state == .queued, try await store.isPaused(pipeline.id) ?? scheduled.startsPaused {
            return "the pipeline is paused: `leat unpause \(pipeline.id)` lets it begin"
        }
        let active = try await store.runs(of: pipeline.id, states: [.running], limit: pipeline.maxActiveRuns + 1)
        if let first = active.first(where: { $0.id != run.id }), active.count >= pipeline.maxActiveRuns {
            return "waits for the run '\(first.id.name)': max_active_runs is \(pipeline.maxActiveRuns)"
        }
        return "the scheduler is about to begin it"
    }

    /// Why each waiting task of a run does not run yet, in one sentence each.
    /// - Parameter ofRun: what holds up the run as a whole.
    package func explanations(
        of tasks: [TaskRecord], in graph: TaskGraph, of run: RunRecord, ofRun: String?
    ) -> [TaskID: String] {
        guard !run.state.isFinished else { return [:] }
        let states = Dictionary(tasks.map { ($0.result.id, $0.result) }, uniquingKeysWith: { first, _ in first })
        let active = tasks.count { task in
            task.result.state.isActive && graph.index(of: task.result.id).map { !graph.tasks[$0].isWaiting } != false
        }
        var sentences: [TaskID: String] = [:]
        for task in tasks {
            let id = task.result.id
            switch task.result.state {
            case .none:
                let open = graph.index(of: id).map { graph.upstream[$0] } ?? []
                let names = open.map { graph.tasks[$0].id }.filter { states[$0]?.state.isFinished != true }
                sentences[id] =
                    names.isEmpty
                    ? ofRun ?? "is about to begin"
                    : RunStateMachine.waiting(for: names, graph.index(of: id).map { graph.tasks[$0].triggerRule } ?? .allSuccess)
            case .scheduled:
                sentences[id] =
                    task.result.message ?? ofRun
                    ?? "waits for room: \(active) of at most \(graph.definition.maxActiveTasks) tasks are under way"
            case .queued: sentences[id] = "waits for the executor to begin"
            case .upForRetry:
                let moment = task.result.nextAttemptAt.map { "begins at \($0)" } ?? "is to come"
                sentences[id] = "attempt \(task.result.attempts) failed; the next \(moment)"
            case .running, .success, .failed, .skipped, .upstreamFailed, .removed: break
            }
        }
        return sentences
    }
}
