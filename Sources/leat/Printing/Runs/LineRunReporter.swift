import Orchestrate
import Synchronization

/// One line for each thing that happens, for files and pipes.
final class LineRunReporter: RunReporter {
    private let tasks: Int
    private let style = Style(for: .standardOutput)

    init(_ pipeline: PipelineDefinition) { tasks = pipeline.tasks.count }

    func handle(_ event: RunEvent) {
        guard let text = text(of: event) else { return }
        let line = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
        Output.write("\(event.time.clockTime)  \(line)")
    }

    private func text(of event: RunEvent) -> String? {
        switch event.kind {
        case .runStarted: "run \(event.run) of \(Figures.counted(tasks, "task"))"
        case .taskStarted(let key): key.number == 1 ? "start    \(key.task)" : "start    \(key.task)  attempt \(key.number)"
        case .taskRetrying(let key, let failure, _): "retry    \(key.task)  \(failure.message)"
        case .taskFinished(let result): Self.text(of: result)
        case .taskLate(let task, let deadline): "late     \(task)  was to be done by \(deadline)"
        case .runLate(let deadline): "late     the run was to be done by \(deadline)"
        case .taskQueued, .taskProgress, .taskLog, .taskLogOmitted, .runRecovered, .runFinished: nil
        }
    }

    private static func text(of result: TaskResult) -> String {
        let name = result.state == .upstreamFailed ? TaskState.skipped.rawValue : result.state.rawValue
        var parts = [name + String(repeating: " ", count: max(1, 9 - name.count)) + result.id.rawValue]
        if let message = result.message { parts.append(message) }
        if result.message == nil, let rows = result.rows { parts.append(Figures.counted(rows, "row")) }
        if let duration = result.duration { parts.append(Figures.time(duration)) }
        return parts.joined(separator: "  ")
    }

    func finish(_ result: RunResult) {
        Output.write(RunSummary(result, style: style).text)
    }
}

extension Timestamp {
    /// `16:20:01` in UTC.
    var clockTime: String { String(description.dropFirst(11).prefix(8)) }
}
