/// Where a variable lives: how many functions out, and in which slot.
struct Variable: Sendable, Equatable {
    /// How many enclosing macros, call blocks or recursive loops lie between.
    var hops: Int32
    /// The slot in that frame; negative while unresolved.
    var slot: Int32
    /// Whether an empty slot means "ask the context", rather than "not set yet".
    var isGlobal: Bool

    static let unresolved = Variable(hops: 0, slot: -1, isGlobal: true)
}
