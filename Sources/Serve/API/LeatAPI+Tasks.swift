import Documents
import Hummingbird
import Orchestrate
import Project
import ServiceLifecycle

extension LeatAPI {
    private static var taskPath: String { "\(runPath)/tasks/:task" }

    /// Tasks of runs, their attempts and logs.
    var taskRoutes: [Route] {
        let log = "\(Self.taskPath)/attempts/:attempt/log"
        return [
            route(
                .get, "\(Self.runPath)/tasks", .look,
                APIOperation(
                    id: "listTasks", summary: "The tasks of a run", tag: "tasks",
                    query: APISchemas.paging + [.init("state", APISchemas.taskState, "only those in this state")],
                    answer: .json(APISchemas.page("Task")))
            ) { request, context in
                let run = try await site.run(context)
                let state = try Self.choice(request, "state", TaskState.self)
                let tasks = try await site.store.tasks(of: run.id).filter { state == nil || $0.result.state == state }
                return try Self.page(tasks.map(Self.document), request)
            },
            route(
                .get, Self.taskPath, .look,
                APIOperation(id: "getTask", summary: "A task of a run", tag: "tasks", answer: .json(APISchemas.ref("Task")))
            ) { _, context in Self.document(try await task(context).task) },
            route(
                .post, "\(Self.taskPath)/mark", .run,
                APIOperation(
                    id: "markTask", summary: "Say how a task ended", tag: "tasks", body: Self.markSchema,
                    answer: .json(APISchemas.ref("Task")))
            ) { request, context in
                let (run, task) = try await task(context)
                let body = try await Self.body(request, context, Self.markSchema)
                let state = body["state"]?.string.flatMap(TaskState.init(rawValue:)) ?? .success
                _ = try await site.control(context).mark([task.result.id], of: run.id, as: state)
                return Self.document(try await self.task(context).task)
            },
            route(
                .get, "\(Self.taskPath)/attempts", .look,
                APIOperation(
                    id: "listAttempts", summary: "The attempts at a task", tag: "tasks", query: APISchemas.paging,
                    answer: .json(APISchemas.page("Attempt")))
            ) { request, context in
                let (run, task) = try await task(context)
                let attempts = try await site.store.attempts(of: run.id, task: task.result.id)
                return try Self.page(attempts.map(Self.document), request)
            },
            route(
                .get, log, .look,
                APIOperation(
                    id: "readLog", summary: "A piece of an attempt's log: its end, or what is before or after a place",
                    tag: "tasks",
                    query: [
                        .init("before", APISchemas.text, "a place: `from` of the piece behind"),
                        .init("after", APISchemas.text, "a place: `to` of the piece before; `start` for the beginning"),
                    ], answer: .json(APISchemas.ref("LogPiece")))
            ) { request, context in try await piece(request, context) },
            Route(
                method: .get, path: "\(APIOperation.prefix)\(log)/events", permission: .look,
                operation: APIOperation(
                    id: "followLog", summary: "An attempt's log as events `lines`, until the attempt has ended", tag: "tasks",
                    answer: .events)
            ) { _, context in try await follow(context) },
        ]
    }

    private static let markSchema = APISchemas.object([("state", ["enum": ["success", "failed", "skipped"]])])

    private func task(_ context: RequestFrame) async throws -> (run: RunRecord, task: TaskRecord) {
        let run = try await site.run(context)
        let id = TaskID(try context.part("task"))
        guard let task = try await site.store.tasks(of: run.id).first(where: { $0.result.id == id }) else {
            throw Problem.notFound("task '\(id)' in the run '\(run.id)'")
        }
        return (run, task)
    }

    private func attempt(_ context: RequestFrame) async throws -> AttemptRecord {
        let (run, task) = try await task(context)
        let number = Int(try context.part("attempt"))
        guard
            let attempt = try await site.store.attempts(of: run.id, task: task.result.id).first(where: { $0.key.number == number }
            )
        else { throw Problem.notFound("attempt of that number") }
        return attempt
    }

    private static func document(_ task: TaskRecord) -> JSON {
        let result = task.result
        return [
            "name": .string(result.id.rawValue), "group": .string(task.group?.rawValue), "kind": .string(task.kind),
            "state": .string(result.state.rawValue), "attempts": .int(result.attempts), "started_at": result.startedAt.json,
            "finished_at": result.finishedAt.json, "rows": result.rows.json, "bytes": result.bytes.json,
            "message": .string(result.message), "failure": result.failure.map(document) ?? .null, "output": result.output,
        ]
    }

    private static func document(_ attempt: AttemptRecord) -> JSON {
        [
            "number": .int(attempt.key.number), "state": .string(attempt.state.rawValue), "queued_at": attempt.queuedAt.json,
            "started_at": attempt.startedAt.json, "finished_at": attempt.finishedAt.json, "rows": attempt.rows.json,
            "bytes": attempt.bytes.json, "message": .string(attempt.message), "failure": attempt.failure.map(document) ?? .null,
        ]
    }

    private static func document(_ failure: TaskFailure) -> JSON {
        [
            "message": .string(failure.message), "code": .string(failure.code),
            "location": .string(failure.location.map { "\($0)" }), "hint": .string(failure.hint),
            "details": .array(failure.details.map { .string($0) }),
        ]
    }

    // MARK: Logs

    private func piece(_ request: Request, _ context: RequestFrame) async throws -> JSON {
        let attempt = try await attempt(context)
        let isOpen = !attempt.state.isFinished
        let fields = request.fields
        func place(_ name: String) throws -> LogPlace? {
            guard let text = fields[name] else { return nil }
            guard let place = LogPlace(text) else { throw Problem(.badRequest, "\(name) is no place in a log") }
            return place
        }
        guard let path = attempt.logPath else { return Self.document(nil, isOpen: isOpen) }
        let file = LogFile(path: path)
        if fields["after"] == "start" { return Self.document(await file.piece(after: nil), isOpen: isOpen) }
        if let after = try place("after") { return Self.document(await file.piece(after: after), isOpen: isOpen) }
        if let before = try place("before") { return Self.document(await file.piece(before: before), isOpen: isOpen) }
        return Self.document(await file.tail(), isOpen: isOpen)
    }

    private static func document(_ piece: LogFile.Piece?, isOpen: Bool) -> JSON {
        [
            "lines": .array((piece?.lines ?? []).map(document)), "from": .string((piece?.from).map { "\($0)" }),
            "to": .string((piece?.to).map { "\($0)" }), "has_earlier": .bool(piece?.hasEarlier ?? false),
            "is_open": .bool(isOpen),
        ]
    }

    private static func document(_ line: LogLine) -> JSON {
        [
            "time": line.time.json, "level": .string(line.level.rawValue), "stream": .string(line.stream),
            "text": .string(line.text),
        ]
    }

    /// Each event has the lines that are new; the last one says how the attempt ended.
    private func follow(_ context: RequestFrame) async throws -> Response {
        _ = try await attempt(context)
        let body = ResponseBody { [self] writer in
            var place: LogPlace?
            var hasEnded = false
            for await isNew in EventPulse(site.feed.changes(since: nil), every: .milliseconds(500)).cancelOnGracefulShutdown() {
                _ = isNew
                let attempt = try await attempt(context)
                hasEnded = attempt.state.isFinished
                while let path = attempt.logPath {
                    let piece = await LogFile(path: path).piece(after: place)
                    if piece.lines.isEmpty { break }
                    place = piece.to
                    let lines = JSON.array(piece.lines.map(Self.document)).text()
                    try await writer.write(ByteBuffer(string: "event: lines\ndata: \(lines)\n\n"))
                }
                guard hasEnded else { continue }
                try await writer.write(
                    ByteBuffer(string: "event: end\ndata: {\"state\": \"\(attempt.state.rawValue)\"}\n\n"))
                break
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
