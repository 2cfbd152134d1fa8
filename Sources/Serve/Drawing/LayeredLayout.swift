/// Places the nodes of a graph in columns, so that every edge goes from left to right and few of them cross.
///
/// The method is Sugiyama's: columns by the longest path, long edges broken up by points, the order within a column by the
/// average place of neighbours, swept to and fro, then heights that pull neighbours together. What cannot be ordered, because
/// it stands in a cycle, is placed as far as it goes.
struct LayeredLayout {
    struct Place: Equatable {
        var x: Double
        /// Of the middle.
        var y: Double
    }

    let nodeWidth: Double
    let nodeHeight: Double
    let columnGap: Double
    let rowGap: Double
    /// By the index of the node.
    private(set) var places: [Place] = []
    /// For each edge the points that it passes, from its first node's right side to its second node's left.
    private(set) var routes: [[Place]] = []
    private(set) var width = 0.0
    private(set) var height = 0.0

    /// - Parameter edges: pairs of indices of nodes.
    init(
        nodeCount: Int, edges: [(from: Int, to: Int)], nodeWidth: Double = 200, nodeHeight: Double = 44, columnGap: Double = 56,
        rowGap: Double = 14
    ) {
        self.nodeWidth = nodeWidth
        self.nodeHeight = nodeHeight
        self.columnGap = columnGap
        self.rowGap = rowGap
        guard nodeCount > 0 else { return }
        let columns = Self.columns(nodeCount, edges)
        var graph = Graph(nodeCount: nodeCount, columns: columns)
        let chains = edges.map { graph.addChain(from: $0.from, to: $0.to) }
        graph.order()
        let heights = graph.heights(of: { $0 < nodeCount ? nodeHeight : 6 }, gap: rowGap)
        let step = nodeWidth + columnGap
        places = (0..<nodeCount).map { Place(x: Double(columns[$0]) * step, y: heights[$0]) }
        routes = zip(edges, chains).map { edge, chain in
            [Place(x: places[edge.from].x + nodeWidth, y: places[edge.from].y)]
                + chain.flatMap { point -> [Place] in
                    let x = Double(graph.column[point]) * step
                    return [Place(x: x, y: heights[point]), Place(x: x + nodeWidth, y: heights[point])]
                }
                + [Place(x: places[edge.to].x, y: places[edge.to].y)]
        }
        width = Double((columns.max() ?? 0) + 1) * step - columnGap
        height = (heights.max() ?? 0) + nodeHeight / 2
    }

    /// The column of each node: one more than that of the last node before it.
    private static func columns(_ count: Int, _ edges: [(from: Int, to: Int)]) -> [Int] {
        var columns = [Int](repeating: 0, count: count)
        var waits = [Int](repeating: 0, count: count)
        var after = [[Int]](repeating: [], count: count)
        for edge in edges {
            waits[edge.to] += 1
            after[edge.from].append(edge.to)
        }
        var ready = (0..<count).filter { waits[$0] == 0 }
        while let node = ready.popLast() {
            for next in after[node] {
                columns[next] = max(columns[next], columns[node] + 1)
                waits[next] -= 1
                if waits[next] == 0 { ready.append(next) }
            }
        }
        return columns
    }

    /// The nodes and the points of long edges, column by column.
    private struct Graph {
        var column: [Int]
        var before: [[Int]]
        var after: [[Int]]
        /// What stands in each column, from top to bottom.
        var rows: [[Int]] = []

        init(nodeCount: Int, columns: [Int]) {
            column = columns
            before = Array(repeating: [], count: nodeCount)
            after = before
        }

        /// The points between two nodes, one for each column between them.
        mutating func addChain(from: Int, to: Int) -> [Int] {
            var points: [Int] = []
            if column[from] + 1 < column[to] {
                for place in (column[from] + 1)..<column[to] {
                    points.append(column.count)
                    column.append(place)
                    before.append([])
                    after.append([])
                }
            }
            for (left, right) in zip([from] + points, points + [to]) {
                after[left].append(right)
                before[right].append(left)
            }
            return points
        }

        /// Orders each column by where its neighbours stand.
        mutating func order() {
            rows = Array(repeating: [], count: (column.max() ?? 0) + 1)
            for node in column.indices { rows[column[node]].append(node) }
            var place = [Double](repeating: 0, count: column.count)
            func number(_ rows: [Int], _ place: inout [Double]) {
                for (index, node) in rows.enumerated() { place[node] = Double(index) }
            }
            for row in rows { number(row, &place) }
            for pass in 0..<12 {
                let forward = pass % 2 == 0
                for index in forward ? Array(rows.indices) : rows.indices.reversed() {
                    let row = rows[index]
                    let keys = row.enumerated().map { position, node -> (Double, Int, Int) in
                        let near = forward ? before[node] : after[node]
                        let mean = near.isEmpty ? Double(position) : near.reduce(0) { $0 + place[$1] } / Double(near.count)
                        return (mean, position, node)
                    }
                    rows[index] = keys.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
                    number(rows[index], &place)
                }
            }
        }

        /// The middle of each node: near its neighbours, and clear of those above and below.
        func heights(of size: (Int) -> Double, gap: Double) -> [Double] {
            var y = [Double](repeating: 0, count: column.count)
            for row in rows {
                var top = 0.0
                for node in row {
                    y[node] = top + size(node) / 2
                    top += size(node) + gap
                }
            }
            for pass in 0..<10 {
                let forward = pass % 2 == 0
                for row in forward ? rows : rows.reversed() {
                    let wanted = row.map { node -> Double in
                        let near = forward ? before[node] : after[node]
                        return near.isEmpty ? y[node] : near.reduce(0) { $0 + y[$1] } / Double(near.count)
                    }
                    spread(row, wanted, size, gap, &y)
                }
            }
            let top = column.indices.map { y[$0] - size($0) / 2 }.min() ?? 0
            return y.map { $0 - top }
        }

        /// Moves a column's nodes to the heights they want as far as their order and distances allow.
        private func spread(_ row: [Int], _ wanted: [Double], _ size: (Int) -> Double, _ gap: Double, _ y: inout [Double]) {
            // From above everyone is pushed down, from below everyone up; the middle of both keeps the distances.
            var down = wanted
            var up = wanted
            for index in row.indices.dropFirst() {
                let distance = (size(row[index - 1]) + size(row[index])) / 2 + gap
                down[index] = max(down[index], down[index - 1] + distance)
            }
            for index in row.indices.dropLast().reversed() {
                let distance = (size(row[index]) + size(row[index + 1])) / 2 + gap
                up[index] = min(up[index], up[index + 1] - distance)
            }
            for (index, node) in row.enumerated() { y[node] = (down[index] + up[index]) / 2 }
        }
    }
}
