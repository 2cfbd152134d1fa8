extension RunStateMachine {
    /// A group that is tried again as a whole when it has failed.
    ///
    /// Until it has succeeded or is given up, nothing outside hears of how its tasks end.
    struct RetriedGroup: Sendable {
        let id: GroupID
        let members: [Int]
        let isMember: Set<Int>
        /// The members that no other comes after: the group has failed where one of them has.
        let ends: [Int]
        /// The members that begin it.
        let entries: [Int]
        /// What comes directly after it.
        let outside: [Int]
        let retries: RetryPolicy
        /// How often it was tried again.
        var retried = 0
        var unfinished: Int
        /// Whether others have heard of its end.
        var isAnnounced = false

        init(_ group: TaskGroupDefinition, in graph: TaskGraph) {
            id = group.id
            members = graph.members(of: group.id)
            let isMember = Set(members)
            self.isMember = isMember
            ends = members.filter { graph.downstream[$0].allSatisfy { !isMember.contains($0) } }
            entries = members.filter { graph.upstream[$0].allSatisfy { !isMember.contains($0) } }
            outside = Set(members.flatMap { graph.downstream[$0] }).subtracting(isMember).sorted()
            retries = group.retries
            unfinished = members.count
        }
    }

    /// The groups of a graph that are tried again, inner ones before those around them.
    static func retriedGroups(of graph: TaskGraph) -> [RetriedGroup] {
        graph.definition.groups.filter { $0.retries.count > 0 }
            .sorted { $0.id.rawValue.utf8.count > $1.id.rawValue.utf8.count }
            .map { RetriedGroup($0, in: graph) }.filter { !$0.members.isEmpty }
    }

    /// Whether a task must not hear yet how one before it has ended.
    func isHeld(_ source: Int, for next: Int) -> Bool {
        groups.contains { !$0.isAnnounced && $0.isMember.contains(source) && !$0.isMember.contains(next) }
    }

    /// Whether a failed task is tried again with its group.
    func isGroupRetried(_ index: Int) -> Bool {
        stop == nil && groups.contains { $0.isMember.contains(index) && $0.retried < $0.retries.count }
    }

    /// Notes that a task has finished, or that one that had finished has not any more.
    mutating func countInGroups(_ index: Int, isFinished: Bool) {
        for place in groups.indices where groups[place].isMember.contains(index) {
            groups[place].unfinished += isFinished ? -1 : 1
            guard !isFinished, groups[place].isAnnounced else { continue }
            groups[place].isAnnounced = false
            for next in groups[place].outside { recount(next) }
        }
    }

    /// Tries groups again that have failed, and tells of those that are done.
    /// - Returns: whether anything follows from it.
    mutating func decideGroups(at now: Timestamp) -> Bool {
        guard let place = groups.firstIndex(where: { $0.unfinished == 0 && !$0.isAnnounced }) else { return false }
        let group = groups[place]
        let hasFailed = group.ends.contains { nodes[$0].state.isFailure }
        guard hasFailed, stop == nil, !isSuspending, group.retried < group.retries.count else {
            groups[place].isAnnounced = true
            for next in group.outside { recount(next) }
            return true
        }
        groups[place].retried += 1
        actions.append(.groupRetried(group.id, count: groups[place].retried))
        for inner in groups.indices where inner != place && groups[inner].isMember.isSubset(of: group.isMember) {
            groups[inner].retried = 0
            actions.append(.groupRetried(groups[inner].id, count: 0))
        }
        let delay = group.retries.delay(afterAttempt: groups[place].retried, using: &random)
        let reason = "the group is tried again (\(groups[place].retried) of \(group.retries.count))"
        let entries = Set(group.entries)
        // What did not begin for the sake of something outside would not begin now.
        let reopened = group.members.filter { !(entries.contains($0) && nodes[$0].attempts == 0) }
        for index in reopened {
            unfinishedCount += 1
            countInGroups(index, isFinished: false)
            nodes[index].uncounted = nodes[index].attempts
            if entries.contains(index) {
                let key = AttemptKey(task: graph.tasks[index].id, number: nodes[index].attempts)
                nodes[index].retryAt = now + delay
                change(index, to: .upForRetry, reason: reason)
                actions.append(.scheduleTimer(.retry(key), at: now + delay))
            } else {
                change(index, to: .none, reason: reason)
            }
        }
        for index in reopened { recount(index) }
        return true
    }
}
