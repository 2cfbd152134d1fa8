import Testing

@testable import Serve

@Suite("Placing a graph")
struct LayeredLayoutTests {
    @Test("every edge goes from left to right, and no two nodes of a column touch")
    func order() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let count = Int.random(in: 1...40, using: &random)
            var edges: [(from: Int, to: Int)] = []
            for _ in 0..<(2 * count) {
                let from = Int.random(in: 0..<count, using: &random)
                let to = Int.random(in: 0..<count, using: &random)
                if from < to { edges.append((from, to)) }
            }
            let layout = LayeredLayout(nodeCount: count, edges: edges)
            for edge in edges { #expect(layout.places[edge.from].x < layout.places[edge.to].x) }
            for a in 0..<count {
                for b in 0..<a where layout.places[a].x == layout.places[b].x {
                    #expect(abs(layout.places[a].y - layout.places[b].y) >= layout.nodeHeight, "\(a) and \(b) of \(edges)")
                }
                #expect(layout.places[a].y >= layout.nodeHeight / 2 - 0.01)
                #expect(layout.places[a].y + layout.nodeHeight / 2 <= layout.height + 0.01)
            }
        }
    }

    @Test("a chain is a straight line")
    func chain() {
        let layout = LayeredLayout(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)])
        #expect(Set(layout.places.map(\.y)).count == 1)
        #expect(layout.places.map(\.x) == [0, 256, 512, 768])
    }

    @Test("a cycle does not hang, and all its nodes have places")
    func cycle() {
        let layout = LayeredLayout(nodeCount: 3, edges: [(0, 1), (1, 2), (2, 1)])
        #expect(layout.places.count == 3)
    }
}
