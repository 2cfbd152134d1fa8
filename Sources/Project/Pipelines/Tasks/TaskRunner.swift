import Diagnostics
import Documents
import Foundation
import Jinja
import Orchestrate
import Processes
import Synchronization

/// Does the work of one attempt of a task that leat.yml describes by itself: SQL, commands, requests, decisions, waiting.
struct TaskRunner: Sendable {
    let project: LeatProject
    let attempt: TaskAttempt
    let renderer: TaskRenderer
    /// Nil in a pod, where no task runs that needs it.
    let store: (any SchedulingStore)?
    let report: @Sendable (TaskReport) -> Void

    /// - Throws: `TaskFailure`, or an error of the engine that did the work.
    func run(_ kind: TaskEntry.Kind) async throws -> TaskOutcome {
        switch kind {
        case .sql(let task): try await sql(task)
        case .command(let task): try await command(task)
        case .http(let task): try await http(task)
        case .branch(let template): try branch(template)
        case .shortCircuit(let template, let directOnly): try shortCircuit(template, directOnly: directOnly)
        case .wait(let task): try await wait(task)
        case .pipeline(let task): try await pipeline(task)
        case .sync, .dbt, .empty, .group, .container: .success
        }
    }

    func log(_ text: String, _ level: LogLine.Level = .info, stream: String = "task") {
        report(.log(LogLine(text, level: level, stream: stream)))
    }

    // MARK: SQL

    func sqlText(_ task: TaskEntry.SQLTask) throws -> String {
        if let text = task.text { return try renderer.text(text) }
        guard let file = task.file else { return "" }
        let path = try renderer.text(file)
        guard let text = try? String(contentsOfFile: project.path(path), encoding: .utf8) else {
            throw TaskFailure(
                "the file '\(path)' cannot be read", code: "task.bad_file", location: file.location,
                hint: "it is looked for from the folder of \(LeatProject.fileName)", isRetryable: false)
        }
        return try renderer.text(TaskText(text, at: SourceLocation(file: path, line: 1)))
    }

    private func sql(_ task: TaskEntry.SQLTask) async throws -> TaskOutcome {
        let text = try sqlText(task)
        log(text, .debug, stream: "sql")
        let answer = try await ProjectQuery(project).run(text, on: task.on)
        log(answer.command)
        let first = answer.rows.prefix(100).map { row in
            JSON.object(JSON.Members(zip(answer.columns, row).map { ($0, $1.map { .string($0) } ?? .null) }))
        }
        // The server's words end with the number of rows: `INSERT 0 12`, `SELECT 3`.
        let rows = answer.command.split(separator: " ").last.flatMap { Int($0) }
        return TaskOutcome(
            output: ["rows": .array(Array(first)), "command": .string(answer.command)], message: answer.command, rows: rows)
    }

    // MARK: Commands

    private func command(_ task: TaskEntry.CommandTask) async throws -> TaskOutcome {
        var words = try task.words.map { try renderer.text($0) }
        log(words.joined(separator: " "), .debug, stream: "rendered")
        var environment = renderer.globals.environment
        // The key of stored values is nobody's but Leat's.
        environment[SecretKeySource.variable] = nil
        environment[SecretKeySource.fileVariable] = nil
        let marker = StrayAttempts.marker(
            store: ProjectStore.path(of: project), run: attempt.run.id, attempt: attempt.key)
        environment[StrayAttempts.variable] = marker
        environment["LEAT_RUN_ID"] = attempt.run.id.name
        environment["LEAT_TASK_ID"] = attempt.task.id.rawValue
        environment["LEAT_TRY_NUMBER"] = String(attempt.number)
        for (name, value) in task.environment { environment[name] = try renderer.text(value) }
        let directory = try task.directory.map { project.path(try renderer.text($0)) } ?? project.directory
        let hidden = renderer.globals.values.hidden
        if !hidden.keepOut(of: &words, isShell: task.isShell, &environment) {
            log(
                "a secret is an argument of the program, where others on this machine can see it: hand it over in `env:`",
                .warning)
        }
        var command = ChildCommand(
            task.isShell ? ["/bin/sh", "-c"] + words : words, environment: environment, directory: directory)
        command.limits = task.limits
        let last = Mutex(LastOutput())
        let status = try await command.run(
            began: { group in report(.process(String(group.id))) },
            line: { line in
                last.withLock { $0.take(line) }
                let stream = line.isError ? "stderr" : "stdout"
                report(.log(LogLine(line.text, level: line.isError ? .warning : .info, stream: stream)))
            })
        if Task.isCancelled {
            // What has left the process group ends as well.
            await StrayAttempts.end(marker)
            throw CancellationError()
        }
        switch status {
        case .exited(0):
            let output = last.withLock { $0 }
            if output.json == nil { report(.log(output.warning)) }
            return TaskOutcome(output: output.json ?? .null)
        case .exited(let code) where task.skipCodes.contains(Int(code)): return .skipped("exit code \(code)")
        case .exited(let code):
            throw TaskFailure(
                "the command ended with exit code \(code)", code: "task.exit_code", output: ["exit_code": .int(Int(code))])
        case .signalled(let signal):
            throw TaskFailure(
                "the command was ended by signal \(signal)", code: "task.signal",
                hint: signal == SIGKILL ? "was memory short?" : nil,
                output: ["signal": .int(Int(signal))])
        }
    }

    // MARK: HTTP

    private func http(_ task: TaskEntry.HTTPTask) async throws -> TaskOutcome {
        let answer = try await HTTPRequest(task, renderer).send()
        log("\(task.method) \(answer.url): \(answer.status)")
        for line in answer.body.prefix(10_000).split(separator: "\n") { log(String(line), .debug, stream: "body") }
        guard answer.isExpected(task.expected) else {
            throw TaskFailure(
                "the server answered with status \(answer.status)", code: "task.http_status",
                details: [String(answer.body.prefix(1000))], output: ["status": .int(answer.status)])
        }
        var body = JSON.null
        if answer.length > TaskOutcome.maximumOutput {
            report(.log(TaskOutcome.outputWarning(size: answer.length)))
        } else {
            body = (try? JSON(parsing: answer.body)) ?? .string(answer.body)
        }
        return TaskOutcome(
            output: ["status": .int(answer.status), "body": body], message: "status \(answer.status)",
            bytes: answer.length)
    }

    // MARK: Decisions

    private func branch(_ template: TaskText) throws -> TaskOutcome {
        let value = JSON(templateValue: try renderer.value(template))
        let names = (value.array ?? [value]).compactMap(\.string)
        guard !names.isEmpty || value.array != nil else {
            throw TaskFailure(
                "a branch gives the name of a task, or a list of names, not \(value.text())", code: "task.bad_value",
                location: template.location, isRetryable: false)
        }
        // Names of the branch's own group need not be written out.
        let chosen = names.map { name in
            attempt.task.group.map { TaskID("\($0).\(name)") }.flatMap { renderer.siblings.contains($0) ? $0 : nil }
                ?? TaskID(name)
        }
        return TaskOutcome(
            output: value, message: chosen.isEmpty ? "none" : chosen.map(\.rawValue).joined(separator: ", "),
            continuation: .only(chosen))
    }

    private func shortCircuit(_ template: TaskText, directOnly: Bool) throws -> TaskOutcome {
        let goesOn = try renderer.value(template).truth()
        return TaskOutcome(
            output: .bool(goesOn), message: goesOn ? "goes on" : "stops here",
            continuation: goesOn ? .all : .stop(directOnly: directOnly))
    }
}
