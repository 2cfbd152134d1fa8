package import Diagnostics
import Orchestrate

extension LeatProject {
    /// Every name in leat.yml that stands for another entry leads to one.
    func checkReferences() throws {
        try checkPorts()
        for connection in connections {
            _ = try source(connection.source, at: connection.sourceLocation)
            _ = try destination(connection.destination, at: connection.destinationLocation)
        }
        for connection in connections {
            try check(connection.data, of: PipelineDefinition.syncPrefix + connection.name, connection.location)
        }
        for channel in channels { for template in channel.templates { try TaskRenderer.check(template) } }
        try check(notify)
        for pipeline in pipelines {
            try check(pipeline.notify ?? [])
            try check(pipeline.data, of: pipeline.name, pipeline.location)
            let all = pipeline.allTasks
            let paths = Set(all.map(\.path))
            for (path, task) in all {
                for (name, location) in task.after where TaskScope(paths).resolve(name, from: path) == nil {
                    if name == task.name || name == path {
                        throw ProjectError(
                            .badTask, "the task '\(path)' waits for itself", location: location,
                            hint: "take it out of its 'after'")
                    }
                    let names = all.map(\.path).filter { $0 != path }
                    throw ProjectError.unknown("task", name, among: names, location: location)
                }
                try checkReferences(of: task)
            }
        }
        try checkNesting()
    }

    /// A pipeline whose task waits for a run of itself, also through others, would never end.
    private func checkNesting() throws {
        var waits: [String: [(name: String, location: SourceLocation)]] = [:]
        for pipeline in pipelines {
            waits[pipeline.name] = pipeline.allTasks.compactMap { _, task in
                if case .pipeline(let other) = task.kind, other.waits { (other.name, other.location) } else { nil }
            }
        }
        var done: Set<String> = []
        /// - Parameter path: the pipelines that lead to this one.
        func visit(_ name: String, _ path: [String]) throws {
            guard done.insert(name).inserted else { return }
            for next in waits[name] ?? [] {
                if let start = (path + [name]).firstIndex(of: next.name) {
                    let circle = (path + [name])[start...] + [next.name]
                    throw ProjectError(
                        .badTask,
                        "pipelines wait for runs of each other and would never end: \(circle.joined(separator: " -> "))",
                        location: next.location, hint: "`wait: false` asks for a run and does not wait for it")
                }
                try visit(next.name, path + [name])
            }
        }
        for pipeline in pipelines { try visit(pipeline.name, []) }
    }

    private func check(_ data: DataCondition?, of pipeline: String, _ location: SourceLocation) throws {
        for reference in (data?.references ?? []).sorted() {
            switch reference.kind {
            case .connection: _ = try connection(reference.name, at: location)
            case .pipeline:
                try pipelineOrConnection(reference.name, at: location)
                guard reference.name != pipeline else {
                    throw ProjectError(
                        .badValue, "pipeline '\(pipeline)' would run whenever it has succeeded", location: location,
                        hint: "`schedule: continuous` does that, if it is meant")
                }
            case .model, .table, .event: break
            }
        }
    }

    private func check(_ rules: [NotificationRule]) throws {
        for rule in rules {
            for (name, location) in rule.channels where !channels.contains(where: { $0.name == name }) {
                throw ProjectError.unknown("channel", name, among: channels.map(\.name), location: location)
            }
        }
    }

    private func checkReferences(of task: TaskEntry) throws {
        if let rules = task.notify { try check(rules) }
        if let pool = task.pool, pools[pool.name] == nil {
            throw ProjectError.unknown("pool", pool.name, among: pools.keys.sorted(), location: pool.location)
        }
        switch task.kind {
        case .sync(let name, let location): _ = try connection(name, at: location)
        case .pipeline(let other): _ = try pipelineOrConnection(other.name, at: other.location)
        case .wait(let wait):
            if case .pipeline(let name, let location) = wait.condition { _ = try pipelineOrConnection(name, at: location) }
        default: break
        }
        for (template, isExpression) in task.kind.templates { try TaskRenderer.check(template, isExpression: isExpression) }
    }

    private func pipelineOrConnection(_ name: String, at location: SourceLocation) throws {
        if connections.contains(where: { PipelineDefinition.syncPrefix + $0.name == name }) { return }
        _ = try pipeline(name, at: location)
    }

    private func checkPorts() throws {
        var taken: [Int: String] = [:]
        for service in services {
            if let other = taken.updateValue(service.name, forKey: service.port) {
                throw ProjectError(
                    .badValue, "the services '\(other)' and '\(service.name)' both want port \(service.port)",
                    location: service.location, hint: "give each its own port")
            }
        }
    }

    /// The connection called `name`.
    /// - Throws: `ProjectError` with a suggestion where there is none.
    package func connection(_ name: String, at location: SourceLocation? = nil) throws -> ConnectionEntry {
        try entry(name, in: connections, \.name, what: "connection", at: location)
    }

    /// The pipeline called `name`.
    /// - Throws: `ProjectError` with a suggestion where there is none.
    package func pipeline(_ name: String, at location: SourceLocation? = nil) throws -> PipelineEntry {
        try entry(name, in: pipelines, \.name, what: "pipeline", at: location)
    }

    func source(_ name: String, at location: SourceLocation? = nil) throws -> ConnectorEntry {
        try entry(name, in: sources, \.name, what: "source", at: location)
    }

    func destination(_ name: String, at location: SourceLocation? = nil) throws -> ConnectorEntry {
        try entry(name, in: destinations, \.name, what: "destination", at: location)
    }

    private func entry<Entry>(
        _ name: String, in entries: [Entry], _ key: (Entry) -> String, what: String, at location: SourceLocation?
    ) throws -> Entry {
        if let entry = entries.first(where: { key($0) == name }) { return entry }
        throw ProjectError.unknown(what, name, among: entries.map(key), location: location)
    }
}
