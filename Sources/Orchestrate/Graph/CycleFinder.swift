/// Finds tasks that wait for each other in a circle.
enum CycleFinder {
    /// The indices along one cycle, each waited for by the next; nil where there is none. Takes time in the number of edges,
    /// and no stack in the depth of the graph.
    static func cycle(in upstream: [[Int]]) -> [Int]? {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: upstream.count)
        for start in upstream.indices where marks[start] == .new {
            var path: [(index: Int, next: Int)] = [(start, 0)]
            marks[start] = .open
            while let (index, next) = path.last {
                guard next < upstream[index].count else {
                    marks[index] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let source = upstream[index][next]
                switch marks[source] {
                case .done: break
                case .open:
                    let first = path.firstIndex { $0.index == source } ?? 0
                    return path[first...].map(\.index).reversed()
                case .new:
                    marks[source] = .open
                    path.append((source, 0))
                }
            }
        }
        return nil
    }
}
