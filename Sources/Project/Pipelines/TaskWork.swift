import Documents

/// What a task does, in the form that the engine keeps for its executor.
enum TaskWork: Sendable, Hashable {
    case empty
    /// Runs a connection of leat.yml.
    case sync(connection: String)
    /// Runs one node of the dbt project that the pipeline's task `task` names.
    case dbt(task: String, node: String)
    /// Runs the on-run-end hooks of the dbt project that the pipeline's task `task` names.
    case dbtClosing(task: String)
    /// Does what the task at this path of the pipeline says by itself.
    case entry(String)

    var json: JSON {
        switch self {
        case .empty: ["empty": true]
        case .sync(let connection): ["sync": .string(connection)]
        case .dbt(let task, let node): ["dbt": .string(task), "node": .string(node)]
        case .entry(let path): ["entry": .string(path)]
        case .dbtClosing(let task): ["dbt": .string(task), "hooks": "on-run-end"]
        }
    }

    init?(json: JSON) {
        if let connection = json["sync"]?.string {
            self = .sync(connection: connection)
        } else if let task = json["dbt"]?.string, let node = json["node"]?.string {
            self = .dbt(task: task, node: node)
        } else if let task = json["dbt"]?.string, json["hooks"]?.string == "on-run-end" {
            self = .dbtClosing(task: task)
        } else if let path = json["entry"]?.string {
            self = .entry(path)
        } else if json["empty"]?.bool == true {
            self = .empty
        } else {
            return nil
        }
    }
}
