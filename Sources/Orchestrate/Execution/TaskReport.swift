/// News of an attempt under way.
package enum TaskReport: Sendable, Hashable {
    /// The work has really begun; only from executors that said it would begin later.
    case began
    case progress(TaskProgress)
    case log(LogLine)
    /// The work is done by a process group of this number, for people and for who cleans up after a crash.
    case process(String)
}

/// How far an attempt has come. Each report replaces the one before; what is nil is not known.
package struct TaskProgress: Sendable, Hashable {
    package var rows: Int?
    package var bytes: Int?
    /// 0 to 1.
    package var fraction: Double?
    /// What is being done at the moment.
    package var message: String?

    package init(rows: Int? = nil, bytes: Int? = nil, fraction: Double? = nil, message: String? = nil) {
        self.rows = rows
        self.bytes = bytes
        self.fraction = fraction
        self.message = message
    }
}
