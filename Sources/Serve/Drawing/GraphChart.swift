/// A graph of cards, from left to right.
struct GraphChart {
    struct Card {
        let title: String
        let subtitle: String
        let path: String
        /// What its stripe shows.
        let state: String
        /// What is said when the pointer rests on it.
        let hint: String
        /// Where it is shown in its parts; nil for what has none.
        var unfold: String?
    }

    let cards: [Card]
    /// Pairs of indices of cards.
    let edges: [(from: Int, to: Int)]
    let label: String
    /// Whether it is a canvas to pan and zoom, or a drawing of fixed size.
    var isCanvas = false

    func svg() -> String {
        let layout = LayeredLayout(nodeCount: cards.count, edges: edges, nodeWidth: isCanvas ? 224 : 200)
        let margin = 16.0
        var content = ""
        for route in layout.routes { content += path(route, margin) }
        for (card, place) in zip(cards, layout.places) {
            let x = place.x + margin
            let y = place.y + margin - layout.nodeHeight / 2
            let shapes =
                SVG.rect(x: x, y: y, width: layout.nodeWidth, height: layout.nodeHeight, radius: 6, class: "card")
                + SVG.rect(x: x, y: y + 6, width: 5, height: layout.nodeHeight - 12, radius: 2, class: "s-\(card.state)")
                + SVG.text(SVG.fitted(card.title, width: layout.nodeWidth - 24), x: x + 14, y: y + 18)
                + SVG.text(SVG.fitted(card.subtitle, width: layout.nodeWidth - 24), x: x + 14, y: y + 35, class: "soft")
            content += SVG.link(card.path, title: "\(card.title)\n\(card.hint)", shapes)
            if let unfold = card.unfold {
                let sign =
                    SVG.rect(x: x + layout.nodeWidth - 22, y: y + 6, width: 16, height: 16, radius: 3, class: "card")
                    + SVG.text("+", x: x + layout.nodeWidth - 14, y: y + 18, anchor: "middle")
                content += SVG.link(unfold, title: "Unfold \(card.title)", sign)
            }
        }
        let width = layout.width + 2 * margin
        let height = layout.height + 2 * margin
        if isCanvas {
            return "<div class=\"drawing canvas\"><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(SVG.number(width)) "
                + "\(SVG.number(height))\" preserveAspectRatio=\"xMidYMid meet\" aria-label=\"\(SVG.escape(label))\">\(content)</svg></div>"
        }
        return SVG.drawing(width: width, height: height, label: label, content)
    }

    private func path(_ route: [LayeredLayout.Place], _ margin: Double) -> String {
        guard let first = route.first else { return "" }
        var text = "M\(point(first, margin))"
        var last = first
        for (index, next) in route.enumerated().dropFirst() {
            // Points come in pairs, in and out of a column; within a column the line is straight.
            if index % 2 == 0 {
                text += "L\(point(next, margin))"
            } else {
                let middle = (last.x + next.x) / 2 + margin
                text +=
                    "C\(SVG.number(middle)) \(SVG.number(last.y + margin)) \(SVG.number(middle)) \(SVG.number(next.y + margin)) \(point(next, margin))"
            }
            last = next
        }
        return "<path d=\"\(text)\" class=\"edge\"/>"
    }

    private func point(_ place: LayeredLayout.Place, _ margin: Double) -> String {
        "\(SVG.number(place.x + margin)) \(SVG.number(place.y + margin))"
    }
}
