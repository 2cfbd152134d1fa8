extension RunStateMachine {
    /// How long until the run before is looked at again.
    private static let pastInterval = Duration.seconds(2)

    /// Whether a task that is ready may start: it has its slots, and the run before does not hold it up. What it lacks is asked for.
    mutating func isAdmitted(_ index: Int) -> Bool {
        let task = graph.tasks[index]
        if task.dependsOnPast, !nodes[index].isPastClear {
            if nodes[index].waitsBecause == nil { actions.append(.checkPast(task.id)) }
            return false
        }
        guard !task.claims.isEmpty, nodes[index].slots != .held else { return true }
        if nodes[index].slots == .none {
            nodes[index].slots = .wanted
            actions.append(.acquireSlots(task.id))
        }
        return false
    }

    mutating func slotsGranted(_ task: TaskID) {
        guard let index = graph.index(of: task) else { return }
        guard nodes[index].state == .scheduled, nodes[index].slots == .wanted else {
            // The task has ended, or lies down, since it asked.
            nodes[index].slots = .none
            actions.append(.releaseSlots(task))
            return
        }
        nodes[index].slots = .held
        makeReady(index)
    }

    /// The slots are not there yet: says so to people.
    package mutating func noteWaiting(_ task: TaskID) {
        guard let index = graph.index(of: task), nodes[index].state == .scheduled else { return }
        nodes[index].waitsBecause = "waits for " + graph.tasks[index].claims.map(\.description).joined(separator: " and ")
    }

    mutating func pastChecked(_ task: TaskID, waitsBecause: String?, at now: Timestamp) {
        guard let index = graph.index(of: task), nodes[index].state == .scheduled else { return }
        if let waitsBecause {
            if nodes[index].waitsBecause != waitsBecause { change(index, to: .scheduled, reason: waitsBecause) }
            nodes[index].waitsBecause = waitsBecause
            actions.append(.scheduleTimer(.past(task), at: now + Self.pastInterval))
        } else {
            nodes[index].isPastClear = true
            nodes[index].waitsBecause = nil
            makeReady(index)
        }
    }

    /// Gives back the slots of a task that has ended, or stops waiting for them.
    mutating func releaseSlots(_ index: Int) {
        guard nodes[index].slots != .none else { return }
        nodes[index].slots = .none
        nodes[index].waitsBecause = nil
        actions.append(.releaseSlots(graph.tasks[index].id))
    }
}
