import Documents
import Foundation
import Jinja
import Orchestrate

extension TaskRunner {
    /// Looks again and again until something is there. Costs no process and no thread while it waits.
    func wait(_ task: TaskEntry.WaitTask) async throws -> TaskOutcome {
        switch task.condition {
        case .time(let template): return try await wait(untilTime: template)
        case .duration(let template):
            let length = try Duration(parsing: try renderer.text(template))
            try await Task.sleep(for: length)
            return TaskOutcome(message: "waited \(length.shortText)")
        case .file(let template):
            let path = project.path(try renderer.text(template))
            try await poll(task, "the file '\(path)'") { FileManager.default.fileExists(atPath: path) }
            return TaskOutcome(output: .string(path), message: "the file is there")
        case .sql(let sql):
            let text = try sqlText(sql)
            log(text, .debug, stream: "sql")
            try await poll(task, "the SQL condition") {
                Self.isTrue(try await ProjectQuery(project).run(text, on: sql.on).rows.first?.first ?? nil)
            }
            return TaskOutcome(message: "the condition holds")
        case .http(let http):
            let request = try HTTPRequest(http, renderer)
            try await poll(task, request.url) { (try? await request.send())?.isExpected(http.expected) == true }
            return TaskOutcome(message: "the server answers")
        case .pipeline(let name, _): return try await wait(forPipeline: name, task)
        }
    }

    private func wait(untilTime template: TaskText) async throws -> TaskOutcome {
        let value = try renderer.value(
            template.text.contains("{") ? template : TaskText("'\(template.text)'", at: template.location))
        let moment: Timestamp
        if case .object(let object) = value, let found = object as? MomentObject {
            moment = found.moment
        } else {
            moment = try Timestamp(parsing: value.pythonString)
        }
        if moment > .now { log("waits until \(moment)") }
        try await SystemRunClock().sleep(until: moment)
        return TaskOutcome(message: "it is \(moment)")
    }

    /// The run of another pipeline for the same time, or its latest one where this run stands for none.
    private func wait(forPipeline name: String, _ task: TaskEntry.WaitTask) async throws -> TaskOutcome {
        let store = try neededStore()
        let date = attempt.run.logicalDate
        let began = attempt.run.startedAt
        var found: RunRecord?
        try await poll(task, "a run of '\(name)'", endsOf: name) {
            let runs: [RunRecord]
            if let date {
                runs = try await store.runs(of: PipelineID(name), logicalDates: date...date)
            } else {
                runs = try await store.runs(of: PipelineID(name), limit: 20).filter { ($0.finishedAt ?? began) >= began }
            }
            found = runs.last { $0.state == .success }
            if found == nil, let failed = runs.last, failed.state.isFinished, date != nil {
                throw TaskFailure("the run '\(failed.id)' has ended as \(failed.state.rawValue)", code: "task.pipeline")
            }
            return found != nil
        }
        return TaskOutcome(output: found.map { .string($0.id.description) } ?? .null, message: "'\(name)' has succeeded")
    }

    private func neededStore() throws -> any SchedulingStore {
        if let store { return store }
        throw TaskFailure("runs of other pipelines are not known here", isRetryable: false)
    }

    /// - Parameter pipeline: whose runs are told of when they end, so that it need not be looked for in vain.
    private func poll(
        _ task: TaskEntry.WaitTask, _ what: String, endsOf pipeline: String? = nil, _ isThere: () async throws -> Bool
    ) async throws {
        var isFirst = true
        while true {
            let ends = pipeline == nil ? nil : store?.runEnds()
            if try await isThere() { return }
            if isFirst { log("waits for \(what), and looks every \(task.every.shortText)") }
            isFirst = false
            if let ends {
                try await Self.wait(for: ends, atMost: task.every) { $0.pipeline.rawValue == pipeline }
            } else {
                try await Task.sleep(for: task.every)
            }
        }
    }

    /// Returns when a run has ended that is wanted, or when time is up, for another process may have ended it.
    private static func wait(
        for ends: AsyncStream<RunID>, atMost limit: Duration, _ isWanted: @escaping @Sendable (RunID) -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await end in ends where isWanted(end) { return } }
            group.addTask { try await Task.sleep(for: limit) }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// What a person means by true: not null, false, 0 or nothing at all.
    private static func isTrue(_ cell: String?) -> Bool {
        guard let cell else { return false }
        return !["", "0", "f", "false", "0.0"].contains(cell.lowercased())
    }

    /// Asks for a run of another pipeline and, if told so, waits for its end.
    func pipeline(_ task: TaskEntry.PipelineTask) async throws -> TaskOutcome {
        let store = try neededStore()
        var parameters = try task.parameters.map { try renderer.json($0) } ?? .object(JSON.Members())
        if let entry = project.pipelines.first(where: { $0.name == task.name }) {
            parameters = try entry.parameters(from: parameters, at: task.location)
        }
        guard renderer.globals.values.hidden.masked(parameters) == parameters else {
            throw TaskFailure(
                "a secret cannot be a parameter of a run, which is recorded", code: "task.bad_value", location: task.location,
                hint: "let the tasks of '\(task.name)' ask for it themselves: secret('NAME')", isRetryable: false)
        }
        let control = RunControl(store: store, author: Author("\(attempt.run.id) \(attempt.task.id)"))
        // The name is the attempt's, so that a second try after a crash finds the run that the first has asked for.
        let name = "\(attempt.run.id.pipeline).\(attempt.task.id)__\(attempt.run.id.name)__\(attempt.number)"
        let id = RunID(pipeline: PipelineID(task.name), name: name)
        if try await store.run(id) == nil {
            try await control.trigger(
                id.pipeline,
                RunRequest(
                    kind: .triggered, name: name, logicalDate: attempt.run.logicalDate, dataInterval: attempt.run.dataInterval,
                    parameters: parameters))
        }
        log("asked for the run '\(id)'")
        guard task.waits else { return TaskOutcome(output: .string(id.description), message: "asked for") }
        if !control.hasScheduler { log("no scheduler is running: the run begins with the next `leat serve`", .warning) }
        do {
            while true {
                // Listening first, so that no end falls between looking and listening.
                let ends = store.runEnds()
                if let run = try await store.run(id), run.state.isFinished {
                    guard run.state == .success else {
                        throw TaskFailure("the run '\(id)' has ended as \(run.state.rawValue)", code: "task.pipeline")
                    }
                    return TaskOutcome(output: .string(id.description), message: "'\(id)' succeeded")
                }
                try await Self.wait(for: ends, atMost: .seconds(1)) { $0 == id }
            }
        } catch let error as CancellationError {
            // Who ends the task does not want the run that it has asked for either.
            _ = try? await store.apply(.cancel(reason: "'\(attempt.run.id)' was ended"), to: id, by: control.author)
            store.ring()
            throw error
        }
    }
}
