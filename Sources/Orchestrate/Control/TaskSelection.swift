/// Which tasks of which runs somebody means, beginning with some of one run.
package struct TaskSelection: Sendable, Hashable {
    /// Tasks, or groups for all that is in them; empty for all tasks.
    package var names: [TaskID]
    /// Also what comes before them.
    package var upstream: Bool
    /// Also what comes after them.
    package var downstream: Bool
    /// Also in runs with earlier logical dates.
    package var past: Bool
    /// Also in runs with later logical dates.
    package var future: Bool
    /// Only those that failed, or did not run because of others that failed.
    package var onlyFailed: Bool

    package init(
        _ names: [TaskID] = [], upstream: Bool = false, downstream: Bool = false, past: Bool = false, future: Bool = false,
        onlyFailed: Bool = false
    ) {
        self.names = names
        self.upstream = upstream
        self.downstream = downstream
        self.past = past
        self.future = future
        self.onlyFailed = onlyFailed
    }
}

/// Tasks of one run.
package struct AffectedTasks: Sendable, Hashable {
    package let run: RunID
    package let tasks: [TaskID]

    package init(run: RunID, tasks: [TaskID]) {
        self.run = run
        self.tasks = tasks
    }
}

extension RunControl {
    /// The tasks that a selection means, in all its runs. Changes nothing: this is also the dry run.
    /// - Throws: `OrchestrateError` with code `run.unknown` or `run.unknown_task`.
    package func tasks(_ selection: TaskSelection, of run: RunID, in graph: TaskGraph) async throws -> [AffectedTasks] {
        guard let record = try await store.run(run) else { throw OrchestrateError.unknown(run) }
        let chosen = try graph.tasks(of: selection)
        var affected: [AffectedTasks] = []
        for id in try await runs(beside: record, selection) {
            let tasks = try await store.tasks(of: id).filter { task in
                chosen.contains(task.result.id) && (!selection.onlyFailed || task.result.state.isFailure)
            }
            affected.append(AffectedTasks(run: id, tasks: tasks.map(\.result.id)))
        }
        return affected
    }

    private func runs(beside record: RunRecord, _ selection: TaskSelection) async throws -> [RunID] {
        guard selection.past || selection.future else { return [record.id] }
        guard let date = record.logicalDate else {
            throw OrchestrateError(
                .badSelection, "the run '\(record.id)' has no logical date, so nothing is before or after it",
                hint: "leave out --past and --future")
        }
        let first = selection.past ? Timestamp(microseconds: .min) : date
        let last = selection.future ? Timestamp(microseconds: .max) : date
        let found = try await store.runs(of: record.id.pipeline, logicalDates: first...last).map(\.id)
        return found.contains(record.id) ? found : [record.id] + found
    }
}

extension TaskGraph {
    /// The tasks that a selection means.
    /// - Throws: `OrchestrateError` with code `run.unknown_task`.
    func tasks(of selection: TaskSelection) throws(OrchestrateError) -> Set<TaskID> {
        var chosen: Set<Int> = []
        for name in selection.names {
            if let index = index(of: name) {
                chosen.insert(index)
                continue
            }
            let prefix = name.rawValue + "."
            let members = tasks.indices.filter {
                tasks[$0].group?.rawValue == name.rawValue || tasks[$0].group?.rawValue.hasPrefix(prefix) == true
            }
            guard !members.isEmpty else {
                throw OrchestrateError.unknownTask(name, in: self)
            }
            chosen.formUnion(members)
        }
        if selection.names.isEmpty { chosen = Set(tasks.indices) }
        var all = chosen
        if selection.downstream { all.formUnion(descendants(of: chosen)) }
        if selection.upstream { all.formUnion(ancestors(of: chosen)) }
        return Set(all.map { tasks[$0].id })
    }

    /// All tasks that come before these, at any distance.
    private func ancestors(of start: Set<Int>) -> Set<Int> {
        var found: Set<Int> = []
        var pending = start.flatMap { upstream[$0] }
        while let index = pending.popLast() {
            guard found.insert(index).inserted else { continue }
            pending.append(contentsOf: upstream[index])
        }
        return found
    }
}
