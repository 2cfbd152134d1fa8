/// Tasks, by index, given out in a fixed order: a binary heap of ranks. One that is put in twice comes out twice.
struct IndexQueue: Sendable {
    /// Indices of tasks by rank.
    private let order: [Int]
    /// Ranks by index.
    private let ranks: [Int]
    private var heap: [Int] = []

    /// - Parameter order: all indices, the one to start first in front.
    init(order: [Int]) {
        self.order = order
        var ranks = [Int](repeating: 0, count: order.count)
        for (rank, index) in order.enumerated() { ranks[index] = rank }
        self.ranks = ranks
    }

    mutating func insert(_ index: Int) {
        heap.append(ranks[index])
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> Int? {
        guard let first = heap.first else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] { least = child }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return order[first]
    }

    mutating func removeAll() { heap.removeAll() }
}
