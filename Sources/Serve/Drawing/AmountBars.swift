/// The last syncs of a connection as bars, the newest right: the height is the number of rows, the colour the state.
struct AmountBars {
    /// The newest first.
    let bars: [(path: String, state: String, amount: Int, when: String)]

    func svg() -> String {
        let height = 28.0
        let most = Double(max(bars.map(\.amount).max() ?? 0, 1))
        var content = ""
        for (index, bar) in bars.prefix(RunBars.count).enumerated() {
            let part = max(4, height * Double(bar.amount) / most)
            content += SVG.link(
                bar.path, title: "\(bar.state), \(Amount.count(bar.amount)) rows, \(bar.when)",
                SVG.rect(
                    x: Double(RunBars.count - 1 - index) * 8, y: height - part, width: 6, height: part, radius: 1.5,
                    class: "s-\(bar.state)"))
        }
        let width = Double(RunBars.count) * 8
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(SVG.number(width))\" height=\"\(SVG.number(height))\" "
            + "role=\"img\" aria-label=\"rows of the last \(min(bars.count, RunBars.count)) syncs\">\(content)</svg>"
    }
}
