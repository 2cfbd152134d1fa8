import Documents
import HTTPTypes
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// A task of a run: how it went, its tries, its log.
    var taskRoutes: [Route] {
        [
            .get("/pipelines/:pipeline/runs/:run/tasks/:task", .look) { request, context in try await taskPage(request, context)
            },
            .get("/pipelines/:pipeline/runs/:run/tasks/:task/log/:attempt", .look) { request, context in
                try await logPiece(request, context)
            },
            .get("/pipelines/:pipeline/runs/:run/tasks/:task/log/:attempt/download", .look) { _, context in
                try await logFile(context)
            },
        ]
    }

    private func taskPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await run(context)
        let now = clock.now()
        let id = TaskID(try context.part("task"))
        guard let task = try await store.tasks(of: run.id).first(where: { $0.result.id == id }) else {
            throw Problem.notFound("task '\(id)' in the run '\(run.id)'")
        }
        let attempts = try await store.attempts(of: run.id, task: id)
        let chosen = request.fields["attempt"].flatMap { Int($0) }
        let attempt = attempts.first { $0.key.number == chosen } ?? attempts.last
        let failure = attempt?.failure ?? task.result.failure
        var values: [String: Value] = [
            "run": run.value(now: now), "task": task.value(of: run.id, now: now), "failure": failure.map(Self.value) ?? .none,
            "attempts": Value(
                attempts.map { Value(["number": .int($0.key.number), "state": .string($0.state.rawValue)]) }),
            "attempt": attempt.map { Value(["number": .int($0.key.number)]) } ?? .none,
            "log": try await log(of: attempt, in: run.id), "waiting": .none,
            "output": task.result.output.isNull ? .none : .string(task.result.output.text(indent: 2)),
            "rendered": Value(await rendered(attempt)),
        ]
        if let node = await node(of: id, in: run) {
            values["node"] = Value(["name": .string(node.name), "path": Value(node.path)])
            if let compiled = node.compiled {
                values["compiled"] = .string(compiled.text)
                values["compiled_at"] = Moment.value(compiled.at, now: now)
            }
        }
        if !task.result.state.isFinished, task.result.state != .running {
            values["waiting"] = Value(try await explanation(of: id, in: run, context))
        }
        return try pages.page("task.html", values, for: request, context, section: "Runs", live: !run.state.isFinished)
    }

    /// What the templates of a try came to, as its log has it.
    private func rendered(_ attempt: AttemptRecord?) async -> String? {
        guard let path = attempt?.logPath else { return nil }
        let lines = await LogFile(path: path).piece(after: nil).lines.filter { ["sql", "rendered"].contains($0.stream) }
        return lines.isEmpty ? nil : lines.map(\.text).joined(separator: "\n")
    }

    private struct TaskNode {
        let name: String
        /// Its page, where it has one.
        let path: String?
        let compiled: (text: String, at: Timestamp)?
    }

    /// The dbt node that a task runs. A project that cannot be read now has none: the page stands without it.
    private func node(of task: TaskID, in run: RunRecord) async -> TaskNode? {
        guard let definition = try? await pipelines.definition(of: run.id.pipeline.rawValue),
            let id = definition.tasks.first(where: { $0.id == task })?.work["node"]?.string,
            let project = try? await lineage.lineage()
        else { return nil }
        let node = project.nodes.first { $0.id == id }
        return TaskNode(
            name: node?.name ?? String(id.split(separator: ".").last ?? ""), path: node.map { Paths.node($0.id) },
            compiled: await project.compiledCode(of: id))
    }

    /// Why a task does not run yet.
    private func explanation(of task: TaskID, in run: RunRecord, _ context: RequestFrame) async throws -> String? {
        guard let pipeline = current.pipelines.first(where: { $0.definition.id == run.id.pipeline }) else { return nil }
        let control = control(context)
        let ofRun = try await control.explanation(of: run, in: pipeline)
        let graph = try TaskGraph(try await pipelines.definition(of: run.id.pipeline.rawValue))
        return control.explanations(of: try await store.tasks(of: run.id), in: graph, of: run, ofRun: ofRun)[task]
    }

    private static func value(_ failure: TaskFailure) -> Value {
        Value([
            "message": .string(failure.message), "location": Value(failure.location.map { "\($0)" }),
            "details": Value(failure.details), "hint": Value(failure.hint),
        ])
    }

    /// The end of a try's log, for the page's first look.
    private func log(of attempt: AttemptRecord?, in run: RunID) async throws -> Value {
        guard let attempt, let path = attempt.logPath else { return Value(["path": .none]) }
        let piece = await LogFile(path: path).tail()
        return Value([
            "path": .string("\(Paths.task(attempt.key.task, of: run))/log/\(attempt.key.number)"),
            "earlier": .bool(piece.hasEarlier), "from": .string(piece.from?.description ?? ""),
            "to": .string(piece.to?.description ?? ""), "follows": .bool(!attempt.state.isFinished),
            "lines": Value(
                piece.lines.map { line in
                    Value(Dictionary(uniqueKeysWithValues: line.fields.map { ($0, Value.string($1)) }))
                }),
        ])
    }

    private func attempt(_ context: RequestFrame) async throws -> AttemptRecord {
        let run = try await run(context)
        let id = TaskID(try context.part("task"))
        let number = Int(try context.part("attempt"))
        guard let attempt = try await store.attempts(of: run.id, task: id).first(where: { $0.key.number == number }) else {
            throw Problem.notFound("such try of '\(id)'")
        }
        return attempt
    }

    /// Lines before or after a place in the file, or around the first that has a word or a level, as JSON.
    private func logPiece(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let attempt = try await attempt(context)
        guard let path = attempt.logPath else { throw Problem.notFound("log of this try") }
        let fields = request.fields
        let file = LogFile(path: path)
        let piece: LogFile.Piece
        var match = -1
        let after = fields["after"].flatMap { LogPlace($0) }
        if let word = fields["find"]?.lowercased() ?? fields["level"] {
            let level = fields["level"].flatMap { LogLine.Level(rawValue: $0) }
            let found = await file.find(after: after, having: Self.bytes(of: word, level)) { line in
                level.map { line.level >= $0 } ?? line.text.lowercased().contains(word)
            }
            if let found { (piece, match) = found } else { piece = await file.tail() }
        } else if let before = fields["before"] {
            guard let place = LogPlace(before) else { throw Problem(.badRequest, "before is no place in a log") }
            piece = await file.piece(before: place)
        } else {
            piece = await file.piece(after: after)
        }
        return Response(json: [
            "from": .string(piece.from?.description ?? ""), "to": .string(piece.to?.description ?? ""),
            "earlier": .bool(piece.hasEarlier), "follows": .bool(!attempt.state.isFinished), "match": .int(match),
            "lines": .array(piece.lines.map { line in .object(JSON.Members(line.fields.map { ($0, .string($1)) })) }),
        ])
    }

    /// What stands in a log's file in each line with the word or of the level; empty where that cannot be said.
    private static func bytes(of word: String, _ level: LogLine.Level?) -> [UInt8] {
        if let level { return level == .error ? Array("\"level\":\"error\"".utf8) : [] }
        // Characters that JSON or small letters write in another way are left to the line itself.
        let isPlain = word.utf8.allSatisfy { (32...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        return isPlain ? Array(word.utf8) : []
    }

    /// The whole log as plain text, a piece at a time.
    private func logFile(_ context: RequestFrame) async throws -> Response {
        let attempt = try await attempt(context)
        guard let path = attempt.logPath else { throw Problem.notFound("log of this try") }
        let name = FormFields.encode("\(attempt.key.task)-\(attempt.key.number).log")
        let body = ResponseBody { writer in
            let file = LogFile(path: path)
            var place: LogPlace?
            while true {
                let piece = await file.piece(after: place)
                if piece.lines.isEmpty { break }
                place = piece.to
                let text = piece.lines.map { "\($0.time?.description ?? "-") \($0.level.rawValue) \($0.text)\n" }.joined()
                try await writer.write(ByteBuffer(string: text))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name)\""],
            body: body)
    }
}
