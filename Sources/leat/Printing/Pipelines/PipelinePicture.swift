import Diagnostics
import Documents
import Orchestrate

/// A pipeline with its graph, as text and as JSON.
enum PipelinePicture {
    /// Settings, then each task behind those that it waits for, in an order in which they could run.
    static func text(_ graph: TaskGraph, isPaused: Bool, next: Timestamp?) -> String {
        let definition = graph.definition
        var lines = [definition.id.rawValue]
        if let description = definition.description { lines.append("  " + description) }
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("  \(name.padding(16))\(value)")
        }
        add("schedule", definition.scheduleSummary + (isPaused ? " (paused)" : ""))
        add("next run", next?.description)
        add("start date", definition.startDate?.description)
        add("end date", definition.endDate?.description)
        add("catch-up", definition.schedule.isTimed ? (definition.catchup ? "yes" : "no") : nil)
        add(
            "at once",
            "\(Figures.counted(definition.maxActiveRuns, "run")), \(Figures.counted(definition.maxActiveTasks, "task"))")
        for parameter in definition.parameters { add("parameter", text(of: parameter)) }
        add("owner", definition.owner)
        add("tags", definition.tags.joined(separator: ", "))
        lines.append("  \(Figures.counted(graph.tasks.count, "task"))")
        let width = graph.tasks.map(\.id.rawValue.count).max() ?? 0
        for index in graph.order {
            let task = graph.tasks[index]
            var line = "    " + task.id.rawValue.padding(width + 2) + task.kind
            let upstream = graph.upstream[index].map { graph.tasks[$0].id.rawValue }
            if !upstream.isEmpty {
                let more = upstream.count > 3 ? " and \(upstream.count - 3) more" : ""
                line += "  after " + upstream.prefix(3).joined(separator: ", ") + more
            }
            if task.triggerRule != .allSuccess { line += "  (\(task.triggerRule.rawValue))" }
            if task.retries.count > 0 {
                line += "  \(Figures.counted(task.retries.count, "retry").replacing("retrys", with: "retries"))"
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    static func json(_ graph: TaskGraph, isPaused: Bool, next: Timestamp?) -> JSON {
        let definition = graph.definition
        let tasks = graph.order.map { index -> JSON in
            let task = graph.tasks[index]
            return [
                "task": .string(task.id.rawValue), "kind": .string(task.kind),
                "group": task.group.map { .string($0.rawValue) } ?? .null,
                "upstream": .array(graph.upstream[index].map { .string(graph.tasks[$0].id.rawValue) }),
                "downstream": .array(graph.downstream[index].map { .string(graph.tasks[$0].id.rawValue) }),
                "trigger_rule": .string(task.triggerRule.rawValue), "retries": .int(task.retries.count),
                "description": task.description.map { .string($0) } ?? .null,
                "location": task.location.map { .string($0.description) } ?? .null,
            ]
        }
        return [
            "pipeline": .string(definition.id.rawValue), "description": definition.description.map { .string($0) } ?? .null,
            "schedule": .string(definition.scheduleSummary), "is_paused": .bool(isPaused),
            "next_run_at": next.map { .string($0.description) } ?? .null,
            "start_date": definition.startDate.map { .string($0.description) } ?? .null,
            "end_date": definition.endDate.map { .string($0.description) } ?? .null, "catchup": .bool(definition.catchup),
            "max_active_runs": .int(definition.maxActiveRuns), "max_active_tasks": .int(definition.maxActiveTasks),
            "owner": definition.owner.map { .string($0) } ?? .null, "tags": .array(definition.tags.map { .string($0) }),
            "params": .object(JSON.Members(definition.parameters.map { ($0.name, json(of: $0)) })), "tasks": .array(tasks),
        ]
    }

    private static func text(of parameter: ParameterDefinition) -> String {
        var text = parameter.name
        if !parameter.schema.typeNames.isEmpty { text += " (\(parameter.schema.typeNames.joined(separator: " or ")))" }
        text += parameter.defaultValue.map { ", \($0.text()) if not given" } ?? ", must be given"
        return text + (parameter.description.map { ": \($0)" } ?? "")
    }

    private static func json(of parameter: ParameterDefinition) -> JSON {
        [
            "schema": parameter.schema.json, "default": parameter.defaultValue ?? .null,
            "required": .bool(parameter.defaultValue == nil),
        ]
    }
}

extension String {
    /// Filled up with spaces to `width`.
    func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
