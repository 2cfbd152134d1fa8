import Orchestrate

/// A run's tries along time: waiting pale, running in the colour of the state.
struct GanttChart {
    struct Bar {
        let task: TaskID
        let path: String
        let attempt: Int
        let state: TaskState
        let queuedAt: Timestamp
        let startedAt: Timestamp?
        let finishedAt: Timestamp?
    }

    /// In the order in which they are drawn.
    let bars: [Bar]
    let start: Timestamp
    let now: Timestamp

    func svg() -> String {
        guard !bars.isEmpty else { return "<p class=\"empty\">No task has begun yet.</p>" }
        let end = bars.map { $0.finishedAt ?? now }.max() ?? now
        let label = 320.0
        let axis = TimeAxis(start: start, end: max(end, start + .milliseconds(10)), left: label, width: 900)
        let height = 20 + Double(bars.count) * 22 + 4
        var content = axis.elapsedTicks(top: 2, bottom: height)
        for (index, bar) in bars.enumerated() {
            let y = 20 + Double(index) * 22
            let name = bar.attempt > 1 ? "\(bar.task) (try \(bar.attempt))" : "\(bar.task)"
            let queued = axis.x(bar.queuedAt)
            let begun = axis.x(bar.startedAt ?? bar.finishedAt ?? now)
            let ended = axis.x(bar.finishedAt ?? now)
            var shapes = SVG.text(SVG.fitted(name, width: label - 20), x: 10, y: y + 14)
            shapes += SVG.rect(x: queued, y: y + 6, width: begun - queued, height: 8, class: "waited")
            if bar.startedAt != nil {
                shapes += SVG.rect(
                    x: begun, y: y + 2, width: max(ended - begun, 2), height: 16, radius: 3, class: "s-\(bar.state.rawValue)")
            }
            content += SVG.link(bar.path, title: title(of: bar, name), shapes)
        }
        return SVG.drawing(width: label + 930, height: height, label: "tasks along time", content)
    }

    private func title(of bar: Bar, _ name: String) -> String {
        let waited = Moment.duration((bar.startedAt ?? bar.finishedAt ?? now) - bar.queuedAt)
        let ran = bar.startedAt.map { Moment.duration((bar.finishedAt ?? now) - $0) } ?? "not begun"
        return "\(name): \(bar.state.rawValue), waited \(waited), ran \(ran)"
    }
}
