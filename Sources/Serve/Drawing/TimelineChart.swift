import Orchestrate

/// One lane for each pipeline: its runs of the last day, and when the next one is due.
struct TimelineChart {
    struct Lane {
        let name: String
        let path: String
        let runs: [RunRecord]
        let due: Timestamp?
    }

    let lanes: [Lane]
    let now: Timestamp

    /// Runs that begin closer to each other than these points cannot be told apart.
    private static let pitch = 6.0

    private struct Place: Hashable {
        let column: Int
        let state: RunState
    }

    func svg() -> String {
        let label = 190.0
        let axis = TimeAxis(start: now - .seconds(86_400), end: now + .seconds(21_600), left: label, width: 900)
        let height = 18 + Double(lanes.count) * 28 + 6
        var content = axis.ticks(top: 2, bottom: height)
        for (index, lane) in lanes.enumerated() {
            let y = 20 + Double(index) * 28
            content += SVG.link(lane.path, title: lane.name, SVG.text(SVG.fitted(lane.name, width: label - 20), x: 10, y: y + 14))
            // Where many runs stand in one place, one of each state is drawn.
            var drawn: Set<Place> = []
            for run in lane.runs.reversed() {
                guard let begin = run.startedAt else { continue }
                let x = axis.x(begin)
                let end = axis.x(run.finishedAt ?? now)
                guard end - x >= Self.pitch || drawn.insert(Place(column: Int(x / Self.pitch), state: run.state)).inserted else {
                    continue
                }
                let width = max(end - x, 5)
                let title =
                    "\(run.state.rawValue), \(Moment.ago(begin, now: now)), took \(run.duration(now: now).map(Moment.duration) ?? "-")"
                content += SVG.link(
                    Paths.run(run.id), title: title,
                    SVG.rect(x: x, y: y + 2, width: width, height: 16, radius: 3, class: "s-\(run.state.rawValue)"))
            }
            if let due = lane.due, due < axis.end {
                content +=
                    "<g><title>due \(Moment.ago(due, now: now))</title>"
                    + SVG.rect(x: axis.x(due), y: y + 2, width: 5, height: 16, radius: 2, class: "waited") + "</g>"
            }
        }
        content += SVG.line(x1: axis.x(now), y1: 0, x2: axis.x(now), y2: height, class: "edge")
        return SVG.drawing(width: label + 920, height: height, label: "runs of the last 24 hours by pipeline", content)
    }
}
