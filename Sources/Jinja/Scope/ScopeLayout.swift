/// What entering and leaving a scope inside of a function does to the frame's slots.
struct ScopeLayout: Sendable {
    /// A variable that begins with the value it has outside.
    struct Alias: Sendable {
        let slot: Int32
        let source: Variable
        let name: String
    }

    /// Whether entering does nothing.
    var isTrivial: Bool { cleared.isEmpty && aliases.isEmpty }

    /// The slots that begin empty.
    var cleared = SlotList()
    /// The slots that begin with the value of an outer variable.
    var aliases: [Alias] = []
    /// All slots of the scope, which are emptied when it is left.
    var owned = SlotList()
}
