import Documents
import HTTPTypes
import Hummingbird
import Orchestrate

/// The logs of tries as Airflow's clients read them, piece by piece.
struct AirflowLogs: Sendable {
    let site: Site
    let dialect: AirflowDialect

    var routes: [Route] {
        let path = "\(dialect.prefix)/dags/:pipeline/dagRuns/:run/taskInstances/:task/logs/:attempt"
        return [.get(path, .look) { request, context in try await log(request, context) }]
    }

    /// A client that asks for all at once gets at most so much of a log as a document; as text it gets everything.
    private static let largest = 32 << 20

    private func log(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let run = try await site.run(context)
        let task = TaskID(try context.part("task"))
        let number = Int(try context.part("attempt"))
        guard let attempt = try await site.store.attempts(of: run.id, task: task).first(where: { $0.key.number == number }) else {
            throw Problem.notFound("try of '\(task)' with that number")
        }
        let file = attempt.logPath.map { LogFile(path: $0) }
        guard request.headers[.accept]?.contains("application/json") == true else { return text(file) }
        let isWhole = request.fields["full_content"]?.lowercased() == "true"
        var place = request.fields["token"].flatMap { LogPlace($0) }
        var lines: [LogLine] = []
        var size = 0
        while let file {
            let piece = await file.piece(after: place)
            if piece.lines.isEmpty { break }
            place = piece.to
            lines += piece.lines
            size += piece.lines.reduce(0) { $0 + $1.text.utf8.count }
            if !isWhole || size > Self.largest { break }
        }
        // There is more to ask for while lines come, or while the try is under way.
        let isOpen = !lines.isEmpty && !isWhole || !attempt.state.isFinished
        var members: [(String, JSON)] = [("content", content(lines))]
        if isOpen { members.append(("continuation_token", .string(place?.description ?? ""))) }
        return Response(json: .members(members))
    }

    private func content(_ lines: [LogLine]) -> JSON {
        switch dialect {
        case .v1: .string(lines.map { Self.text($0) }.joined())
        case .v2:
            .array(
                lines.map { line in
                    .members([
                        ("timestamp", line.time.airflow), ("event", .string(line.text)), ("level", .string(line.level.rawValue)),
                        ("logger", .string(line.stream)),
                    ])
                })
        }
    }

    private static func text(_ line: LogLine) -> String {
        "[\(line.time?.description ?? "-")] \(line.level.rawValue.uppercased()) - \(line.text)\n"
    }

    /// All of it as plain text, a piece at a time.
    private func text(_ file: LogFile?) -> Response {
        let body = ResponseBody { writer in
            var place: LogPlace?
            while let file {
                let piece = await file.piece(after: place)
                if piece.lines.isEmpty { break }
                place = piece.to
                try await writer.write(ByteBuffer(string: piece.lines.map { Self.text($0) }.joined()))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/plain; charset=utf-8"], body: body)
    }
}
