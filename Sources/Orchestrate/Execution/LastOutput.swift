package import Documents

/// The last line that a program has written on standard output, which later tasks may read, as in Airflow.
///
/// Lines come in pieces; one that is longer than an output may be is counted and not kept.
package struct LastOutput: Sendable {
    private var line = ""
    /// How long the line is, in bytes, with what is not kept of it.
    private var length = 0
    /// Whether what comes next begins a line.
    private var isWhole = true

    package init() {}

    /// Takes what comes next; standard error and empty lines are nothing that later tasks read.
    package mutating func take(_ piece: OutputLine) {
        guard !piece.isError, !piece.text.isEmpty else { return }
        if isWhole {
            line = ""
            length = 0
        }
        length += piece.text.utf8.count
        if length <= TaskOutcome.maximumOutput { line += piece.text } else { line = "" }
        isWhole = !piece.goesOn
    }

    /// JSON as what it is, anything else as text; null where nothing was written.
    /// - Returns: nil where it is too long to be kept.
    package var json: JSON? {
        guard length > 0 else { return .null }
        guard length <= TaskOutcome.maximumOutput else { return nil }
        return (try? JSON(parsing: line)) ?? .string(line)
    }

    /// What to say where it is not kept.
    package var warning: LogLine { TaskOutcome.outputWarning(size: length) }
}

extension TaskOutcome {
    /// How many bytes of JSON of an output are kept for later tasks.
    package static let maximumOutput = 1 << 20

    /// What to say of an output that is not kept.
    /// - Parameter size: how many bytes it has.
    package static func outputWarning(size: Int) -> LogLine {
        LogLine("the output of \(size) bytes is not kept for later tasks: at most \(maximumOutput) are", level: .warning)
    }
}
