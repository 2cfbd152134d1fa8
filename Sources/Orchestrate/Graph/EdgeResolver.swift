import Diagnostics

/// Turns the names in `upstream` into tasks, groups into the tasks that begin or end them, and finds what names nothing.
struct EdgeResolver {
    let definition: PipelineDefinition
    private(set) var problems: [OrchestrateError] = []
    private(set) var indices: [TaskID: Int] = [:]
    /// The tasks that begin each group.
    private(set) var entries: [GroupID: [Int]] = [:]
    private var members: [GroupID: [Int]] = [:]
    private var groupsUpstream: [GroupID: TaskGroupDefinition] = [:]
    /// The tasks that end each group; computed when first asked for.
    private var ends: [GroupID: [Int]] = [:]
    private var groupsUnderWay: Set<GroupID> = []

    init(_ definition: PipelineDefinition) { self.definition = definition }

    /// For each task the tasks before it, without repetition, in the order written. Unknown names are left out.
    mutating func resolve() -> [[Int]] {
        collect()
        var upstream = definition.tasks.indices.map { index in
            let task = definition.tasks[index]
            for name in task.upstream where indices[name] == nil && contains(task.group, GroupID(name.rawValue)) {
                problems.append(
                    OrchestrateError(
                        .cycle, "task '\(task.id)' of pipeline '\(definition.id)' waits for the group '\(name)' that it is in",
                        location: task.location))
            }
            return resolve(task.upstream, of: "task '\(task.id)'", location: task.location)
        }
        for (group, tasks) in members {
            let inside = Set(tasks)
            entries[group] = tasks.filter { index in upstream[index].allSatisfy { !inside.contains($0) } }
        }
        for group in definition.groups where !group.upstream.isEmpty {
            let sources = resolve(group.upstream, of: "group '\(group.id)'", location: group.location)
            for index in entries[group.id] ?? [] { upstream[index] += sources }
        }
        return upstream.map { sources in
            var seen: Set<Int> = []
            return sources.filter { seen.insert($0).inserted }
        }
    }

    private mutating func collect() {
        for (index, task) in definition.tasks.enumerated() {
            if let first = indices[task.id] {
                problems.append(
                    OrchestrateError(
                        .duplicateTask, "pipeline '\(definition.id)' has two tasks '\(task.id)'", location: task.location,
                        hint: definition.tasks[first].location.map { "the other one is at \($0)" }))
                continue
            }
            indices[task.id] = index
            var group = task.group
            while let current = group {
                members[current, default: []].append(index)
                group = current.parent
            }
        }
        for group in definition.groups {
            if groupsUpstream.updateValue(group, forKey: group.id) != nil {
                problems.append(
                    OrchestrateError(
                        .duplicateTask, "pipeline '\(definition.id)' has two groups '\(group.id)'", location: group.location))
            }
        }
        for group in Set(members.keys).union(groupsUpstream.keys).sorted() {
            guard let index = indices[TaskID(group.rawValue)] else { continue }
            problems.append(
                OrchestrateError(
                    .duplicateTask, "pipeline '\(definition.id)' has a task and a group named '\(group)'",
                    location: definition.tasks[index].location))
        }
    }

    private mutating func resolve(_ names: [TaskID], of user: String, location: SourceLocation?) -> [Int] {
        var found: [Int] = []
        for name in names {
            if let index = indices[name] {
                found.append(index)
            } else if let group = ending(GroupID(name.rawValue)) {
                found += group
            } else {
                let known = indices.keys.map(\.rawValue) + members.keys.map(\.rawValue)
                problems.append(
                    OrchestrateError(
                        .unknownUpstream, "\(user) of pipeline '\(definition.id)' waits for '\(name)', which does not exist",
                        location: location, hint: Suggestion.hint(for: name.rawValue, in: known.sorted())))
            }
        }
        return found
    }

    /// The tasks that end a group; what an empty group itself waits for; nil where there is no such group.
    private mutating func ending(_ group: GroupID) -> [Int]? {
        if let known = ends[group] { return known }
        guard let tasks = members[group] else {
            guard let definition = groupsUpstream[group], groupsUnderWay.insert(group).inserted else { return nil }
            defer { groupsUnderWay.remove(group) }
            return resolve(definition.upstream, of: "group '\(group)'", location: definition.location)
        }
        // A task ends the group when no other of the group names it, or a group inside that holds it; teardowns aside.
        let inside = Set(tasks)
        var waitedFor: Set<Int> = []
        for index in tasks where !definition.tasks[index].isTeardown {
            for name in definition.tasks[index].upstream { waitedFor.formUnion(self.tasks(named: name)) }
        }
        for nested in groupsUpstream.values where nested.id.rawValue.hasPrefix(group.rawValue + ".") {
            for name in nested.upstream { waitedFor.formUnion(self.tasks(named: name)) }
        }
        let result = tasks.filter { !waitedFor.contains($0) && inside.contains($0) }
        ends[group] = result
        return result
    }

    /// Whether `inner` is `outer` or lies in it.
    private func contains(_ inner: GroupID?, _ outer: GroupID) -> Bool {
        guard let inner else { return false }
        return inner == outer || inner.rawValue.hasPrefix(outer.rawValue + ".")
    }

    private func tasks(named name: TaskID) -> [Int] {
        indices[name].map { [$0] } ?? members[GroupID(name.rawValue)] ?? []
    }
}
