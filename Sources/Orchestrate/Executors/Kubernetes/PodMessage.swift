package import Documents

/// What a task in a pod tells the scheduler: lines of its output that begin with a marker. Other lines are plain output.
package enum PodMessage: Sendable, Hashable {
    case log(LogLine)
    case progress(TaskProgress)
    case result(PodResult)

    private static let marker = "::leat::"

    /// The line, without its end.
    package var line: String {
        switch self {
        case .log(let line):
            Self.marker
                + (["log": ["level": .string(line.level.rawValue), "stream": .string(line.stream), "text": .string(line.text)]]
                as JSON).text()
        case .progress(let progress): Self.marker + (["progress": progress.json] as JSON).text()
        case .result(let result): Self.marker + (["result": result.json] as JSON).text()
        }
    }

    /// - Returns: nil for a line without the marker, or with something else behind it.
    package init?(line: String) {
        guard line.hasPrefix(Self.marker), let json = try? JSON(parsing: Array(line.utf8.dropFirst(Self.marker.utf8.count)))
        else { return nil }
        if let log = json["log"], let text = log["text"]?.string {
            self = .log(
                LogLine(
                    text, level: log["level"]?.string.flatMap(LogLine.Level.init(rawValue:)) ?? .info,
                    stream: log["stream"]?.string ?? "task"))
        } else if let progress = json["progress"] {
            self = .progress(TaskProgress(json: progress))
        } else if let result = json["result"].flatMap({ PodResult(json: $0) }) {
            self = .result(result)
        } else {
            return nil
        }
    }
}

/// How a task in a pod ended.
package struct PodResult: Sendable, Hashable {
    package let result: Result<TaskOutcome, TaskFailure>

    package init(_ result: Result<TaskOutcome, TaskFailure>) { self.result = result }

    /// The cluster keeps 4,096 bytes of a termination message.
    private static let room = 4000

    /// What goes into the termination message: all of it if there is room, or that it is in the log.
    package var terminationMessage: String {
        let text = (["leat": json] as JSON).text()
        return text.utf8.count <= Self.room ? text : #"{"leat":"log"}"#
    }

    /// - Returns: nil for what is no result, or where it is in the log.
    package init?(terminationMessage: String) {
        guard let json = (try? JSON(parsing: terminationMessage))?["leat"], let result = PodResult(json: json) else { return nil }
        self = result
    }

    package var json: JSON {
        switch result {
        case .failure(let failure): return ["failure": failure.json]
        case .success(let outcome):
            var members = JSON.Members()
            if outcome.isSkipped { members.append("skipped", true) }
            if let message = outcome.message { members.append("message", .string(message)) }
            if let rows = outcome.rows { members.append("rows", .int(rows)) }
            if let bytes = outcome.bytes { members.append("bytes", .int(bytes)) }
            if !outcome.output.isNull { members.append("output", outcome.output) }
            switch outcome.continuation {
            case .all: break
            case .only(let tasks): members.append("only", .array(tasks.map { .string($0.rawValue) }))
            case .stop(let directOnly): members.append("stop", .string(directOnly ? "direct" : "all"))
            }
            return ["success": .object(members)]
        }
    }

    package init?(json: JSON) {
        if let failure = json["failure"].flatMap({ TaskFailure(json: $0) }) {
            result = .failure(failure)
        } else if let success = json["success"] {
            var outcome = TaskOutcome(
                output: success["output"] ?? .null, message: success["message"]?.string, rows: success["rows"]?.int,
                bytes: success["bytes"]?.int, isSkipped: success["skipped"]?.bool ?? false)
            if let only = success["only"]?.array {
                outcome.continuation = .only(only.compactMap(\.string).map { TaskID($0) })
            } else if let stop = success["stop"]?.string {
                outcome.continuation = .stop(directOnly: stop == "direct")
            }
            result = .success(outcome)
        } else {
            return nil
        }
    }
}

extension TaskProgress {
    fileprivate var json: JSON {
        var members = JSON.Members()
        if let rows { members.append("rows", .int(rows)) }
        if let bytes { members.append("bytes", .int(bytes)) }
        if let fraction { members.append("fraction", .double(fraction)) }
        if let message { members.append("message", .string(message)) }
        return .object(members)
    }

    fileprivate init(json: JSON) {
        self.init(
            rows: json["rows"]?.int, bytes: json["bytes"]?.int, fraction: json["fraction"]?.double,
            message: json["message"]?.string)
    }
}
