/// Timers by time; each key has one moment, the last it was given.
struct TimerQueue<Key: Hashable & Sendable>: Sendable {
    private var moments: [Key: Timestamp] = [:]
    private var heap: [(moment: Timestamp, timer: Key)] = []

    mutating func schedule(_ timer: Key, at moment: Timestamp) {
        moments[timer] = moment
        heap.append((moment, timer))
        var child = heap.count - 1
        while child > 0, heap[child].moment < heap[(child - 1) / 2].moment {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func cancel(_ timer: Key) { moments[timer] = nil }

    /// When the next timer is due.
    mutating func next() -> Timestamp? {
        // Cancelled ones stay in the heap until they come up.
        while let first = heap.first {
            if moments[first.timer] == first.moment { return first.moment }
            removeFirst()
        }
        return nil
    }

    /// Takes out a timer that is due.
    mutating func popDue(at now: Timestamp) -> Key? {
        guard let moment = next(), moment <= now, let first = heap.first else { return nil }
        removeFirst()
        moments[first.timer] = nil
        return first.timer
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].moment < heap[least].moment {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
