package import Diagnostics
package import Documents
package import Orchestrate

extension TaskEntry {
    /// SQL for one of the databases that leat.yml knows.
    package struct SQLTask: Sendable {
        package let text: TaskText?
        /// A file of the project that holds the SQL.
        package let file: TaskText?
        /// A destination, source or service; the only destination where it is nil.
        package let on: String?
    }

    /// A program.
    package struct CommandTask: Sendable {
        /// One text for the shell, or a program and its arguments.
        package let words: [TaskText]
        package let isShell: Bool
        package let environment: [(name: String, value: TaskText)]
        package let directory: TaskText?
        /// Exit codes that mean "nothing to do": the task is skipped.
        package let skipCodes: [Int]
        package let limits: ChildLimits
    }

    /// A request to an HTTP server.
    package struct HTTPTask: Sendable {
        package let url: TaskText
        package let method: String
        package let headers: [(name: String, value: TaskText)]
        package let body: TaskText?
        /// Status codes that are well; nil for 200 to 299.
        package let expected: [Int]?
    }

    /// A run of another pipeline.
    package struct PipelineTask: Sendable {
        package let name: String
        package let parameters: YAMLNode?
        /// Whether the task takes as long as the run, and fails with it.
        package let waits: Bool
        package let location: SourceLocation
    }

    /// Something to wait for.
    package struct WaitTask: Sendable {
        package enum Condition: Sendable {
            case time(TaskText)
            case duration(TaskText)
            case sql(SQLTask)
            case file(TaskText)
            case http(HTTPTask)
            case pipeline(String, SourceLocation)
        }

        package let condition: Condition
        /// How often is looked.
        package let every: Duration
    }

    /// The keys that say what a task does.
    static let kindKeys = [
        "sync", "dbt", "empty", "sql", "command", "http", "container", "pipeline", "branch", "short_circuit", "wait_for",
        "tasks",
    ]

    /// The keys whose texts are rendered when the task runs, not when the file is read.
    static let laterKeys: Set<String> = [
        "sql", "command", "http", "container", "pipeline", "branch", "short_circuit", "wait_for",
    ]

    /// Whether the value at a path of leat.yml is rendered when its task runs.
    static func isRenderedLater(_ path: [String]) -> Bool {
        guard path.count >= 5, path[0] == "pipelines" else { return false }
        var place = 2
        // A group's tasks stand below its own `tasks`.
        while place + 2 < path.count, path[place] == "tasks" {
            if laterKeys.contains(path[place + 2]) { return true }
            place += 2
        }
        return false
    }

    /// What the task does, by the key that says so.
    static func kind(_ key: String, _ node: YAMLNode, of subject: String, _ defaults: Defaults, _ pipeline: String) throws -> Kind
    {
        let subject = "'\(key)' of \(subject)"
        switch key {
        case "sync": return .sync(connection: node.scalarText, node.location)
        case "sql": return .sql(try sqlTask(node, of: subject))
        case "command": return .command(try commandTask(node, of: subject))
        case "http": return .http(try httpTask(node, of: subject))
        case "container": return .container(try containerTask(node, of: subject))
        case "pipeline": return .pipeline(try pipelineTask(node, of: subject))
        case "branch": return .branch(TaskText(node))
        case "short_circuit": return try shortCircuit(node, of: subject)
        case "wait_for": return .wait(try waitTask(node, of: subject))
        case "tasks":
            guard let members = node.members, !members.isEmpty else {
                throw DocumentError(.wrongType, "\(subject) needs a mapping of task names to tasks", location: node.location)
            }
            return .group(try entries(members, defaults: defaults, of: pipeline))
        default: return .dbt(try dbtTask(node, of: subject))
        }
    }

    private static func sqlTask(_ node: YAMLNode, of subject: String) throws -> SQLTask {
        guard node.members != nil else { return SQLTask(text: TaskText(node), file: nil, on: nil) }
        var keys = try YAMLMapping(node, of: subject)
        let text = keys.optional("query").map { TaskText($0) }
        let file = keys.optional("file").map { TaskText($0) }
        let on = try keys.string("on")
        try keys.finish()
        guard (text == nil) != (file == nil) else {
            throw DocumentError(.badValue, "\(subject) needs either 'query' or 'file'", location: node.location)
        }
        return SQLTask(text: text, file: file, on: on)
    }

    private static func commandTask(_ node: YAMLNode, of subject: String) throws -> CommandTask {
        func words(_ node: YAMLNode) -> ([TaskText], Bool) {
            if let items = node.items { return (items.map { TaskText($0) }, false) }
            return ([TaskText(node)], true)
        }
        guard node.members != nil else {
            let (texts, isShell) = words(node)
            return CommandTask(
                words: texts, isShell: isShell, environment: [], directory: nil, skipCodes: [], limits: ChildLimits())
        }
        var keys = try YAMLMapping(node, of: subject)
        let (texts, isShell) = words(try keys.required("run"))
        let environment = try keys.members("env").map { (name: $0.key, value: TaskText($0.value)) }
        let directory = keys.optional("directory").map { TaskText($0) }
        let skipCodes = try exitCodes(keys.optional("skip_on_exit_code"))
        var limits = ChildLimits()
        limits.memory = try keys.optional("memory").map { try memory($0) }
        limits.cpuTime = try keys.optional("cpu_time").map { node in
            try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
        }
        try keys.finish()
        return CommandTask(
            words: texts, isShell: isShell, environment: environment, directory: directory, skipCodes: skipCodes,
            limits: limits)
    }

    private static func httpTask(_ node: YAMLNode, of subject: String) throws -> HTTPTask {
        guard node.members != nil else {
            return HTTPTask(url: TaskText(node), method: "GET", headers: [], body: nil, expected: nil)
        }
        var keys = try YAMLMapping(node, of: subject)
        let url = TaskText(try keys.required("url"))
        let body = keys.optional("body").map { node in
            // A mapping is sent as JSON; its texts may hold templates all the same.
            node.members == nil && node.items == nil ? TaskText(node) : TaskText(node.json.text(), at: node.location)
        }
        let method = try keys.string("method") ?? (body == nil ? "GET" : "POST")
        let headers = try keys.members("headers").map { (name: $0.key, value: TaskText($0.value)) }
        let expected = keys.optional("expect").map { ($0.items ?? [$0]).compactMap(\.int) }
        try keys.finish()
        return HTTPTask(url: url, method: method.uppercased(), headers: headers, body: body, expected: expected)
    }

    private static func pipelineTask(_ node: YAMLNode, of subject: String) throws -> PipelineTask {
        guard node.members != nil else {
            return PipelineTask(name: node.scalarText, parameters: nil, waits: true, location: node.location)
        }
        var keys = try YAMLMapping(node, of: subject)
        let name = try keys.required("name")
        let parameters = keys.optional("params")
        let waits = try keys.bool("wait") ?? true
        try keys.finish()
        return PipelineTask(name: name.scalarText, parameters: parameters, waits: waits, location: name.location)
    }

    private static func shortCircuit(_ node: YAMLNode, of subject: String) throws -> Kind {
        guard node.members != nil else { return .shortCircuit(TaskText(node), directOnly: false) }
        var keys = try YAMLMapping(node, of: subject)
        let condition = TaskText(try keys.required("if"))
        let directOnly = try keys.bool("direct_only") ?? false
        try keys.finish()
        return .shortCircuit(condition, directOnly: directOnly)
    }

    private static func waitTask(_ node: YAMLNode, of subject: String) throws -> WaitTask {
        var keys = try YAMLMapping(node, of: subject)
        var conditions: [WaitTask.Condition] = []
        if let time = keys.optional("time") { conditions.append(.time(TaskText(time))) }
        if let duration = keys.optional("duration") { conditions.append(.duration(TaskText(duration))) }
        if let sql = keys.optional("sql") { conditions.append(.sql(try sqlTask(sql, of: "'sql' of \(subject)"))) }
        if let file = keys.optional("file") { conditions.append(.file(TaskText(file))) }
        if let http = keys.optional("http") { conditions.append(.http(try httpTask(http, of: "'http' of \(subject)"))) }
        if let pipeline = keys.optional("pipeline") { conditions.append(.pipeline(pipeline.scalarText, pipeline.location)) }
        let everyNode = keys.optional("every")
        try keys.finish()
        guard conditions.count == 1 else {
            throw DocumentError(
                .badValue, "\(subject) must name exactly one of time, duration, sql, file, http, pipeline",
                location: node.location)
        }
        let every = try everyNode.map { node in
            try located(at: node.location) { () throws(OrchestrateError) in try Duration(parsing: node.scalarText) }
        }
        if let every, every < .milliseconds(100), let everyNode {
            throw DocumentError(.badValue, "'every' must be at least 100ms", location: everyNode.location)
        }
        return WaitTask(condition: conditions[0], every: every ?? .seconds(10))
    }
}
