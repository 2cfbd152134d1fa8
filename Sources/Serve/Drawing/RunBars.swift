import Orchestrate

/// The last runs of a pipeline as bars, the newest right: the height is the time it took, the colour the state.
struct RunBars {
    /// The newest first.
    let runs: [RunRecord]
    let now: Timestamp
    static let count = 20

    func svg() -> String {
        let height = 28.0
        let durations = runs.map { $0.duration(now: now)?.inSeconds ?? 0 }
        let longest = max(durations.max() ?? 0, 0.001)
        var content = ""
        for (index, run) in runs.prefix(Self.count).enumerated() {
            let bar = max(4, height * durations[index] / longest)
            let title = "\(run.state.rawValue), \(run.duration(now: now).map(Moment.duration) ?? "not begun"), \(run.id.name)"
            content += SVG.link(
                Paths.run(run.id), title: title,
                SVG.rect(
                    x: Double(Self.count - 1 - index) * 8, y: height - bar, width: 6, height: bar, radius: 1.5,
                    class: "s-\(run.state.rawValue)"))
        }
        let width = Double(Self.count) * 8
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(SVG.number(width))\" height=\"\(SVG.number(height))\" "
            + "role=\"img\" aria-label=\"the last \(min(runs.count, Self.count)) runs\">\(content)</svg>"
    }
}
