import Diagnostics
import Orchestrate

/// What a person wants to know when a run is over: how many, how long, and each failure whole.
struct RunSummary {
    let text: String

    init(_ result: RunResult, style: Style) {
        var lines: [String] = []
        for task in result.failedTasks {
            lines.append("")
            lines.append(style("✗ \(task.id)", .red))
            for line in (task.failure?.description ?? task.message ?? "failed").split(separator: "\n") {
                lines.append("  \(line)")
            }
        }
        let counts: [(TaskState, String)] = [
            (.success, "succeeded"), (.failed, "failed"), (.upstreamFailed, "not run because of these"),
            (.skipped, "skipped"),
        ]
        let parts = counts.compactMap { state, words -> String? in
            let count = result.tasks.count { $0.state == state }
            return count > 0 ? "\(count) \(words)" : nil
        }
        let (mark, colour): (String, Style.Colour) =
            switch result.state {
            case .cancelled: ("cancelled", .yellow)
            case _ where result.hasFailures: ("failed", .red)
            default: ("done", .green)
            }
        lines.append("")
        lines.append(
            style(mark, colour) + ": \(result.id.pipeline), \(parts.joined(separator: ", ")), in "
                + Figures.time(result.duration))
        if let reason = result.reason { lines.append("  \(reason)") }
        text = lines.joined(separator: "\n")
    }
}
