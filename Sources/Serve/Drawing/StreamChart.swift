import Orchestrate

/// What syncs moved over time: a bar for each sync, the oldest left, made of its streams.
struct StreamChart {
    struct Bar {
        let title: String
        let path: String
        let state: String
        /// By the index of the stream.
        let amounts: [Int]
    }

    let streams: [String]
    /// The oldest first.
    let bars: [Bar]
    let label: String
    let words: (Int) -> String
    /// How many streams have a colour of their own; the others share the last.
    static let colours = 6

    func svg() -> String {
        guard bars.contains(where: { $0.amounts.contains { $0 > 0 } }) else { return "" }
        let left = 76.0
        let height = 150.0
        let step = min(44, max(14, 860 / Double(bars.count)))
        let most = max(bars.map { $0.amounts.reduce(0, +) }.max() ?? 1, 1)
        var content = ""
        for part in [0.0, 0.5, 1] {
            let y = 12 + height * (1 - part)
            content += SVG.line(x1: left, y1: y, x2: left + Double(bars.count) * step, y2: y, class: "rule")
            content += SVG.text(words(Int(Double(most) * part)), x: left - 6, y: y + 4, anchor: "end", class: "soft")
        }
        for (index, bar) in bars.enumerated() {
            var y = 12 + height
            var shapes = SVG.rect(
                x: left + Double(index) * step + 2, y: 12 + height + 4, width: step - 4, height: 4, radius: 2,
                class: "s-\(bar.state)")
            for (stream, amount) in bar.amounts.enumerated() where amount > 0 {
                let part = max(1, height * Double(amount) / Double(most))
                y -= part
                shapes += SVG.rect(
                    x: left + Double(index) * step + 2, y: y, width: step - 4, height: part,
                    class: "stream-\(min(stream, Self.colours - 1))")
            }
            content += SVG.link(bar.path, title: bar.title, shapes)
        }
        return SVG.drawing(width: left + Double(bars.count) * step + 12, height: height + 28, label: label, content)
    }
}
