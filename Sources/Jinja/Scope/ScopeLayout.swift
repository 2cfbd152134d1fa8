/// What entering and leaving a scope inside of a function does to the frame's slots.
final class ScopeLayout: Sendable {
    /// A variable that begins with the value it has outside.
    struct Alias: Sendable {
        let slot: Int32
        let source: Variable
        let name: String
    }

    /// The slots that begin empty.
    let cleared: [Int32]
    /// The slots that begin with the value of an outer variable.
    let aliases: [Alias]
    /// All slots of the scope, which are emptied when it is left.
    let owned: [Int32]
    /// Whether entering does nothing.
    let isTrivial: Bool

    /// The scope without variables.
    static let empty = ScopeLayout(cleared: [], aliases: [], owned: [])

    init(cleared: [Int32], aliases: [Alias], owned: [Int32]) {
        self.cleared = cleared
        self.aliases = aliases
        self.owned = owned
        isTrivial = cleared.isEmpty && aliases.isEmpty
    }
}
