/// A function as the scope resolver sees it: something that runs in a ``Frame`` of its own.
struct FunctionScope {
    struct Storage {
        /// How many functions lie outside of this one.
        let level: Int32
        /// How many slots a frame needs.
        var slotCount: Int32 = 0
    }

    let storage: UnsafeMutablePointer<Storage>

    init(level: Int32, _ arena: Arena) { storage = arena.make(Storage(level: level)) }

    private init(_ storage: UnsafeMutablePointer<Storage>) { self.storage = storage }

    /// A function without variables, which stands for those that are not resolved yet.
    nonisolated(unsafe) static let none: FunctionScope = {
        // Never changed and never freed.
        let place = UnsafeMutablePointer<Storage>.allocate(capacity: 1)
        place.initialize(to: Storage(level: 0))
        return FunctionScope(place)
    }()

    /// How many functions lie outside of this one.
    @inline(__always) var level: Int32 { storage.pointee.level }
    /// How many slots a frame needs.
    @inline(__always) var slotCount: Int { Int(storage.pointee.slotCount) }

    /// Reserves a slot.
    func makeSlot() -> Int32 {
        defer { storage.pointee.slotCount += 1 }
        return storage.pointee.slotCount
    }
}
