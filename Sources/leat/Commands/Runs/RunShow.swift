import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct RunShow: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a run with its tasks, and why those that wait do not run yet.")

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let record = try await control.run(run)
        let tasks = try await control.store.tasks(of: record.id)
        var ofRun: String?
        var sentences: [TaskID: String] = [:]
        if !record.state.isFinished {
            let graph = try await control.graph(of: record.id.pipeline)
            ofRun = try await control.control.explanation(of: record, in: try control.pipeline(record.id.pipeline.rawValue))
            sentences = control.control.explanations(of: tasks, in: graph, of: record, ofRun: ofRun)
        }
        let events = try await control.store.dataEvents(of: record.id)
        options.show(Self.json(record, tasks, ofRun, sentences, events), Self.text(record, tasks, ofRun, sentences, events))
    }

    private static func json(
        _ record: RunRecord, _ tasks: [TaskRecord], _ ofRun: String?, _ sentences: [TaskID: String], _ events: [DataEvent]
    ) -> JSON {
        guard case .object(var object) = record.json else { return record.json }
        object["waits_because"] = ofRun.map { .string($0) } ?? .null
        object["triggered_by"] = .array(events.map(\.json))
        object["tasks"] = .array(
            tasks.map { task in
                guard case .object(var members) = task.result.json else { return task.result.json }
                members["kind"] = .string(task.kind)
                members["group"] = task.group.map { .string($0.rawValue) } ?? .null
                members["waits_because"] = sentences[task.result.id].map { .string($0) } ?? .null
                return .object(members)
            })
        return .object(object)
    }

    private static func text(
        _ record: RunRecord, _ tasks: [TaskRecord], _ ofRun: String?, _ sentences: [TaskID: String], _ events: [DataEvent]
    ) -> String {
        var lines = [record.id.description, "  state         \(record.state.rawValue)\(ofRun.map { ": \($0)" } ?? "")"]
        func add(_ name: String, _ value: String?) {
            if let value { lines.append("  \(name.padding(14))\(value)") }
        }
        add("why", record.reason)
        for event in events { add("because of", event.sentence) }
        add("logical date", record.logicalDate?.description)
        add("interval", record.dataInterval.map { "\($0.start) to \($0.end)" })
        add("began", record.startedAt?.description)
        add("took", record.startedAt.flatMap { start in record.finishedAt.map { Figures.time($0 - start) } })
        add("late since", record.lateAt?.description)
        if record.parameters.object?.isEmpty == false { add("parameters", record.parameters.text()) }
        add("note", record.note)
        let rows = tasks.map { task -> [String?] in
            let result = task.result
            return [
                result.id.rawValue, result.state == .none ? "waits" : result.state.rawValue,
                result.attempts > 0 ? String(result.attempts) : nil, result.duration.map { Figures.time($0) },
                sentences[result.id] ?? result.message ?? result.rows.map { Figures.counted($0, "row") },
            ]
        }
        lines += [""] + TextTable(columns: ["task", "state", "attempts", "took", ""], rows: rows, maximumWidth: 100).lines()
        return lines.joined(separator: "\n")
    }
}

/// How runs are named on the command line.
enum RunReference {
    static let help: ArgumentHelp = "The run: PIPELINE/RUN, or PIPELINE for its latest one. Part of the run's name will do."
}
