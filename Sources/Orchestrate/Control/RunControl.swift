import Documents

/// What people ask of pipelines and runs, from whichever process: it is written to the store, and the scheduler is woken.
///
/// Nothing here needs a scheduler to run; what it would do waits in the store until there is one.
package struct RunControl: Sendable {
    let store: any SchedulingStore
    package let author: Author
    let clock: any RunClock

    package init(store: any SchedulingStore, author: Author, clock: any RunClock = SystemRunClock()) {
        self.store = store
        self.author = author
        self.clock = clock
    }

    /// Whether a scheduler will hear of it at once.
    package var hasScheduler: Bool { store.isSchedulerRunning() }

    /// Asks for a run.
    /// - Throws: `OrchestrateError` with code `store.duplicate_run` where the pipeline has a run of that name.
    @discardableResult
    package func trigger(_ pipeline: PipelineID, _ request: RunRequest = RunRequest()) async throws -> RunRecord {
        let now = clock.now()
        let record = RunRecord(
            id: RunID(pipeline: pipeline, name: request.runName(at: now)), request: request, queuedAt: now, isManaged: true)
        try await store.enqueue(record, tasks: [], by: author)
        store.ring()
        return record
    }

    /// Asks for a run with parameters that the pipeline takes; it gets defaults for the others.
    /// - Throws: `OrchestrateError` with code `run.bad_parameters` where they do not fit, else as above.
    @discardableResult
    package func trigger(_ pipeline: PipelineDefinition, _ request: RunRequest) async throws -> RunRecord {
        var request = request
        request.parameters = try pipeline.parameters(from: request.parameters)
        return try await trigger(pipeline.id, request)
    }

    /// Pauses a pipeline, or lets it go on. Runs under way are left alone.
    package func setPaused(_ isPaused: Bool, of pipeline: PipelineID) async throws {
        try await store.setPaused(isPaused, of: pipeline, by: author)
        store.ring()
    }

    /// Ends a run.
    /// - Returns: whether there was anything to end.
    package func cancel(_ run: RunID, reason: String? = nil) async throws -> Bool {
        try await apply(.cancel(reason: reason ?? "cancelled by \(author)"), to: run)
    }

    /// Says something about a run, for who reads it later; nil takes away what was said.
    package func setNote(_ note: String?, of run: RunID) async throws { try await store.setNote(note, of: run, by: author) }

    /// Says how tasks of a run ended.
    package func mark(_ tasks: [TaskID], of run: RunID, as state: TaskState) async throws -> Bool {
        try await apply(.mark(tasks, state), to: run)
    }

    /// Lets tasks run again.
    package func clear(_ affected: [AffectedTasks]) async throws {
        for run in affected where !run.tasks.isEmpty { _ = try await apply(.clear(run.tasks), to: run.run) }
    }

    /// Asks for the runs of a backfill.
    package func start(_ backfill: BackfillPlan) async throws {
        if let pipeline = backfill.runs.first?.id.pipeline {
            let request = backfill.backfill
            let details: JSON = [
                "backfill": .string(backfill.name), "from": .string(request.from.description),
                "to": .string(request.to.description),
                "reprocess": .string(request.reprocess.rawValue), "runs": .int(backfill.count),
            ]
            try await store.note(
                AuditEntry(at: clock.now(), author: author, action: "backfill", pipeline: pipeline, details: details))
        }
        for run in backfill.runs {
            switch run.action {
            case .create:
                var request = backfill.request(for: run)
                request.name = run.id.name
                let record = RunRecord(id: run.id, request: request, queuedAt: clock.now(), isManaged: true)
                try await store.enqueue(record, tasks: [], by: author)
            case .repeatFailed, .repeatAll:
                let all = run.action == .repeatAll
                let tasks = try await store.tasks(of: run.id).filter { all || $0.result.state.isFailure }.map(\.result.id)
                _ = try await store.apply(.clear(tasks), to: run.id, by: author)
            case .none: break
            }
        }
        store.ring()
    }

    private func apply(_ command: RunCommand, to run: RunID) async throws -> Bool {
        defer { store.ring() }
        return try await store.apply(command, to: run, by: author)
    }
}
