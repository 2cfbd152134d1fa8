/// Slots of a frame. The first ones are stored in place, since most scopes have few, and loops go through them often.
struct SlotList: Sendable {
    private var first: Int32 = -1
    private var second: Int32 = -1
    private var rest: [Int32] = []

    init() {}

    /// Whether there are none.
    @inline(__always) var isEmpty: Bool { first < 0 }

    mutating func append(_ slot: Int32) {
        if first < 0 { first = slot } else if second < 0 { second = slot } else { rest.append(slot) }
    }

    @inline(__always) func forEach(_ body: (Int32) -> Void) {
        if first < 0 { return }
        body(first)
        if second < 0 { return }
        body(second)
        if !rest.isEmpty { rest.forEach(body) }
    }
}
