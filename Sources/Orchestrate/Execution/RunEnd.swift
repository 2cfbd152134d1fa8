/// How a run loop came to its end.
enum RunEnd: Sendable {
    case finished(RunResult)
    /// The process has to go; the run can be taken up again.
    case suspended
}
