/// Where a variable lives: how many functions out, and in which slot.
struct Variable: Sendable, Equatable {
    /// How many enclosing macros, call blocks or recursive loops lie between.
    let hops: Int32
    /// The slot in that frame; negative while unresolved.
    let slot: Int32
    /// The slot where it is in the frame at hand, else a number larger than that of any slot.
    let local: UInt32
    /// Whether an empty slot means "ask the context", rather than "not set yet".
    let isGlobal: Bool

    init(hops: Int32, slot: Int32, isGlobal: Bool) {
        self.hops = hops
        self.slot = slot
        self.isGlobal = isGlobal
        local = hops == 0 ? UInt32(bitPattern: slot) : .max
    }

    static let unresolved = Variable(hops: 0, slot: -1, isGlobal: true)
}
