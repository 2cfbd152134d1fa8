/// What entering and leaving a scope inside of a function does to the frame's slots.
struct ScopeLayout {
    /// A variable that begins with the value it has outside.
    struct Alias {
        let slot: Int32
        let source: Variable
        let name: Name
    }

    struct Storage {
        /// The slots that begin empty.
        let cleared: NodeList<Int32>
        /// The slots that begin with the value of an outer variable.
        let aliases: NodeList<Alias>
        /// All slots of the scope, which are emptied when it is left.
        let owned: NodeList<Int32>
        /// Whether entering does nothing.
        let isTrivial: Bool
    }

    /// Nil for the scope without variables.
    let storage: UnsafeMutablePointer<Storage>?

    /// The scope without variables.
    static var empty: ScopeLayout { ScopeLayout(storage: nil) }

    private init(storage: UnsafeMutablePointer<Storage>?) { self.storage = storage }

    init(cleared: [Int32], aliases: [Alias], owned: [Int32], _ arena: Arena) {
        storage = arena.make(
            Storage(
                cleared: arena.list(cleared), aliases: arena.list(aliases), owned: arena.list(owned),
                isTrivial: cleared.isEmpty && aliases.isEmpty))
    }

    /// Whether entering does nothing.
    @inline(__always) var isTrivial: Bool { storage?.pointee.isTrivial ?? true }
}
