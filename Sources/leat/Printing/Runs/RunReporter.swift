import Orchestrate

/// Shows a run while it goes on.
protocol RunReporter: Sendable {
    func handle(_ event: RunEvent)
    /// Called once, when the run is over.
    func finish(_ result: RunResult)
}

/// How a run is shown.
enum LogFormat: String, CaseIterable, Sendable {
    /// A live tree on a terminal, lines elsewhere.
    case text
    /// One JSON object a line.
    case json

    func reporter(for pipeline: PipelineDefinition) -> any RunReporter {
        switch self {
        case .json: JSONRunReporter()
        case .text where Output.Stream.standardOutput.isTerminal: TreeRunReporter(pipeline)
        case .text: LineRunReporter(pipeline)
        }
    }
}
