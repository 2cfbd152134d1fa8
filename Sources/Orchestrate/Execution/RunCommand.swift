package import Documents

/// What somebody wants of a run that exists.
package enum RunCommand: Sendable, Hashable {
    /// Ends it.
    case cancel(reason: String)
    /// Lets these tasks run again.
    case clear([TaskID])
    /// Says how these tasks ended: as success, failed or skipped.
    case mark([TaskID], TaskState)
}

extension RunCommand {
    /// As it waits in the store.
    package var json: JSON {
        switch self {
        case .cancel(let reason): ["cancel": .string(reason)]
        case .clear(let tasks): ["clear": .array(tasks.map { .string($0.rawValue) })]
        case .mark(let tasks, let state):
            ["mark": .array(tasks.map { .string($0.rawValue) }), "state": .string(state.rawValue)]
        }
    }

    package init?(json: JSON) {
        func tasks(_ key: String) -> [TaskID]? { json[key]?.array?.compactMap(\.string).map { TaskID($0) } }
        if let reason = json["cancel"]?.string {
            self = .cancel(reason: reason)
        } else if let tasks = tasks("clear") {
            self = .clear(tasks)
        } else if let tasks = tasks("mark"), let state = json["state"]?.string.flatMap(TaskState.init(rawValue:)) {
            self = .mark(tasks, state)
        } else {
            return nil
        }
    }
}
