package import Diagnostics
package import Documents

/// Why an attempt failed. Executors throw it; any other error is made into one.
package struct TaskFailure: UserFacingError, Hashable {
    package var code: String
    package var message: String
    package var location: SourceLocation?
    package var hint: String?
    package var details: [String]
    /// Whether another attempt could help. The task's retries decide whether there is one.
    package var isRetryable: Bool
    /// Whether what runs tasks has failed, and not the task: a machine is gone, something more important took its place. Such an
    /// attempt is made again without counting as one of the task's retries.
    package var isInfrastructure: Bool
    /// What the executor wants kept for people to see, such as rows that failed a test.
    package var output: JSON

    package init(
        _ message: String, code: String = "task.failed", location: SourceLocation? = nil, hint: String? = nil,
        details: [String] = [], isRetryable: Bool = true, isInfrastructure: Bool = false, output: JSON = .null
    ) {
        self.code = code
        self.message = message
        self.location = location
        self.hint = hint
        self.details = details
        self.isRetryable = isRetryable
        self.isInfrastructure = isInfrastructure
        self.output = output
    }

    /// What is known of any error.
    package init(_ error: any Error) {
        if let failure = error as? TaskFailure {
            self = failure
        } else if let error = error as? any UserFacingError {
            self.init(
                error.message, code: error.code, location: error.location, hint: error.hint, details: error.details)
        } else if error is CancellationError {
            self.init("the task was cancelled by itself", code: "task.cancelled")
        } else {
            self.init(String(describing: error))
        }
    }

    /// The run was stopped while the task was under way.
    static func stopped(_ reason: String) -> TaskFailure {
        TaskFailure(reason, code: "task.cancelled", isRetryable: false)
    }

    static let interruptedCode = "task.interrupted"

    /// The process that ran the task was told to end; the task is run again by the next one.
    static func interrupted(_ reason: String) -> TaskFailure { TaskFailure(reason, code: interruptedCode) }

    /// The process that ran the task died.
    static let lost = TaskFailure("the process that ran it ended without finishing it", code: "task.lost")

    static func timedOut(after timeout: Duration) -> TaskFailure {
        TaskFailure("timed out after \(timeout.shortText)", code: "task.timeout")
    }
}

extension TaskFailure {
    /// As it is kept in the store.
    package var json: JSON {
        var members = JSON.Members([("code", .string(code)), ("message", .string(message))])
        if let location {
            members.append("file", .string(location.file))
            if let line = location.line { members.append("line", .int(line)) }
            if let column = location.column { members.append("column", .int(column)) }
        }
        if let hint { members.append("hint", .string(hint)) }
        if !details.isEmpty { members.append("details", .array(details.map { .string($0) })) }
        members.append("retryable", .bool(isRetryable))
        if isInfrastructure { members.append("infrastructure", true) }
        if !output.isNull { members.append("output", output) }
        return .object(members)
    }

    package init?(json: JSON) {
        guard let message = json["message"]?.string else { return nil }
        self.init(
            message, code: json["code"]?.string ?? "task.failed",
            location: json["file"]?.string.map {
                SourceLocation(file: $0, line: json["line"]?.int, column: json["column"]?.int)
            },
            hint: json["hint"]?.string, details: json["details"]?.array?.compactMap(\.string) ?? [],
            isRetryable: json["retryable"]?.bool ?? true, isInfrastructure: json["infrastructure"]?.bool ?? false,
            output: json["output"] ?? .null)
    }
}
