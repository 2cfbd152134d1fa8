import Diagnostics

/// A pipeline whose references have been resolved and checked: tasks by number, with edges both ways.
package struct TaskGraph: Sendable {
    package let definition: PipelineDefinition
    /// The tasks before each, as indices into `definition.tasks`; groups are resolved to their tasks.
    package let upstream: [[Int]]
    /// The tasks after each.
    package let downstream: [[Int]]
    /// All indices, each after those before it.
    let topologicalOrder: [Int]
    private let indices: [TaskID: Int]
    /// The tasks that begin each group, for branches that name a group.
    private let entries: [GroupID: [Int]]

    /// - Throws: the first of `PipelineDefinition.problems()`.
    package init(_ definition: PipelineDefinition) throws(OrchestrateError) {
        var resolver = EdgeResolver(definition)
        let upstream = resolver.resolve()
        if let problem = resolver.problems.first { throw problem }
        if let cycle = CycleFinder.cycle(in: upstream) { throw Self.cycleProblem(cycle, definition) }
        if let problem = definition.problemsOfValues().first { throw problem }
        self.definition = definition
        self.upstream = upstream
        var downstream = [[Int]](repeating: [], count: upstream.count)
        for (index, sources) in upstream.enumerated() {
            for source in sources { downstream[source].append(index) }
        }
        self.downstream = downstream
        topologicalOrder = Self.sorted(upstream: upstream, downstream: downstream)
        indices = resolver.indices
        entries = resolver.entries
        if let problem = problemOfRetriedGroups() { throw problem }
    }

    /// All tasks of a group and of the groups in it.
    func members(of group: GroupID) -> [Int] {
        tasks.indices.filter { index in
            guard let own = tasks[index].group else { return false }
            return own == group || own.rawValue.hasPrefix(group.rawValue + ".")
        }
    }

    /// A group that is tried again as a whole is waited for as a whole: nothing outside may stand between its tasks.
    private func problemOfRetriedGroups() -> OrchestrateError? {
        for group in definition.groups where group.retries.count > 0 {
            let members = Set(members(of: group.id))
            let after = Set(members.flatMap { downstream[$0] }).subtracting(members)
            guard let between = after.first(where: { !descendants(of: [$0]).isDisjoint(with: members) }) else { continue }
            return OrchestrateError(
                .cycle,
                "the group '\(group.id)' of pipeline '\(definition.id)' is tried again as a whole, and '\(tasks[between].id)' outside of it stands between its tasks",
                location: group.location, hint: "put it into the group, or take away 'group_retries'")
        }
        return nil
    }

    package var tasks: [TaskDefinition] { definition.tasks }

    /// All indices in an order in which the tasks could run, as near as may be to that of the definition.
    package var order: [Int] { topologicalOrder }

    package func index(of task: TaskID) -> Int? { indices[task] }

    /// The tasks that `name` stands for as something to go on with: itself, or those that begin a group.
    func targets(of name: TaskID) -> [Int]? {
        if let index = indices[name] { return [index] }
        return entries[GroupID(name.rawValue)]
    }

    /// Whether nothing comes after the task.
    package func isLeaf(_ index: Int) -> Bool { downstream[index].isEmpty }

    /// All tasks that come after these, at any distance, without these themselves unless one comes after another.
    package func descendants(of start: some Sequence<Int>) -> Set<Int> {
        var found: Set<Int> = []
        var pending = start.flatMap { downstream[$0] }
        while let index = pending.popLast() {
            guard found.insert(index).inserted else { continue }
            pending.append(contentsOf: downstream[index])
        }
        return found
    }

    private static func sorted(upstream: [[Int]], downstream: [[Int]]) -> [Int] {
        var open = upstream.map(\.count)
        var order = open.indices.filter { open[$0] == 0 }
        var place = 0
        while place < order.count {
            for next in downstream[order[place]] {
                open[next] -= 1
                if open[next] == 0 { order.append(next) }
            }
            place += 1
        }
        return order
    }

    static func cycleProblem(_ cycle: [Int], _ definition: PipelineDefinition) -> OrchestrateError {
        let path = (cycle + [cycle[0]]).map { definition.tasks[$0].id.rawValue }.joined(separator: " -> ")
        return OrchestrateError(
            .cycle, "the tasks of pipeline '\(definition.id)' wait for each other: \(path)",
            location: definition.tasks[cycle[0]].location, hint: "take one of these out of the other's upstream")
    }
}

extension PipelineDefinition {
    /// Everything that is wrong with the definition; empty when it can run.
    package func problems() -> [OrchestrateError] {
        var resolver = EdgeResolver(self)
        let upstream = resolver.resolve()
        let cycle = CycleFinder.cycle(in: upstream).map { [TaskGraph.cycleProblem($0, self)] } ?? []
        return resolver.problems + cycle + problemsOfValues()
    }

    func problemsOfValues() -> [OrchestrateError] {
        var problems: [OrchestrateError] = []
        func check(_ holds: Bool, _ message: @autoclosure () -> String, _ location: SourceLocation?, hint: String? = nil) {
            if !holds { problems.append(OrchestrateError(.badValue, message(), location: location, hint: hint)) }
        }
        check(!id.rawValue.isEmpty, "a pipeline has no name", location)
        check(maxActiveTasks > 0, "max_active_tasks of pipeline '\(id)' is \(maxActiveTasks)", location, hint: "at least 1")
        check(maxActiveRuns > 0, "max_active_runs of pipeline '\(id)' is \(maxActiveRuns)", location, hint: "at least 1")
        check(timeout.map { $0 > .zero } != false, "the timeout of pipeline '\(id)' is not above 0", location)
        check(deadline.map { $0 > .zero } != false, "the deadline of pipeline '\(id)' is not above 0", location)
        for task in tasks {
            let place = task.location ?? location
            check(!task.id.rawValue.isEmpty, "a task of pipeline '\(id)' has no name", place)
            check(task.retries.count >= 0, "retries of task '\(task.id)' is \(task.retries.count)", place, hint: "0 or more")
            check(
                task.retries.delay >= .zero && task.retries.maximumDelay >= .zero,
                "the retry delay of task '\(task.id)' is below 0", place)
            check(
                task.retries.backoff >= 1 && task.retries.backoff.isFinite,
                "the retry back-off of task '\(task.id)' is \(task.retries.backoff)", place, hint: "1 or more")
            check(
                (0...1).contains(task.retries.jitter), "the retry jitter of task '\(task.id)' is \(task.retries.jitter)",
                place, hint: "0 to 1")
            check(task.timeout.map { $0 > .zero } != false, "the timeout of task '\(task.id)' is not above 0", place)
            check(task.deadline.map { $0 > .zero } != false, "the deadline of task '\(task.id)' is not above 0", place)
        }
        return problems
    }
}
