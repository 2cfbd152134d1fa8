/// The names of one scope, by the rules of Jinja's identifier tracking. Names are numbers of a ``NameTable``.
///
/// A name is loaded from the context when it is read before it is set; it begins empty when it is set first; and it
/// begins as the outer variable when an inner scope sets a name that exists outside.
final class Symbols {
    /// How a variable begins.
    enum Load {
        case parameter
        case global
        case empty
        case alias(Variable, name: Int32)
    }

    /// A variable and the function whose frame holds it.
    struct Reference {
        let function: FunctionScope
        let slot: Int32
    }

    let function: FunctionScope
    let parent: Symbols?
    @exclusivity(unchecked) private(set) var slots = NumberMap<Int32>()
    @exclusivity(unchecked) private var loads = NumberMap<Load>()
    /// The names that are set here.
    @exclusivity(unchecked) private(set) var stores = NumberMap<Bool>()
    /// The slots that were made for this scope.
    @exclusivity(unchecked) private(set) var owned: [Int32] = []

    init(function: FunctionScope, parent: Symbols?) {
        self.function = function
        self.parent = parent
    }

    private init(copying other: Symbols) {
        function = other.function
        parent = other.parent
        slots = other.slots
        loads = other.loads
        stores = other.stores
        owned = other.owned
    }

    /// The variable of a name in this scope or around it.
    func find(_ name: Int32) -> Reference? {
        var scope = self
        while true {
            if let slot = scope.slots[name] { return Reference(function: scope.function, slot: slot) }
            guard let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    private func findLoad(_ reference: Reference) -> Load? {
        var scope = self
        while true {
            if scope.function === reference.function, let load = scope.loads[reference.slot] { return load }
            guard let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    /// The variable as code of this scope reaches it.
    func variable(_ name: Int32) -> Variable {
        guard let reference = find(name) else {
            load(name)
            return variable(name)
        }
        return variable(reference)
    }

    private func variable(_ reference: Reference) -> Variable {
        var isGlobal = false
        if case .global = findLoad(reference) { isGlobal = true }
        return Variable(hops: function.level - reference.function.level, slot: reference.slot, isGlobal: isGlobal)
    }

    @discardableResult private func define(_ name: Int32, _ load: Load) -> Int32 {
        let slot: Int32
        if let known = slots[name] {
            slot = known
        } else {
            slot = function.makeSlot()
            if owned.isEmpty { owned.reserveCapacity(8) }
            owned.append(slot)
        }
        slots[name] = slot
        loads[slot] = load
        return slot
    }

    /// Makes a name stand for an existing slot.
    func share(_ name: Int32, _ slot: Int32) {
        slots[name] = slot
        loads[slot] = .parameter
    }

    /// Notes that a name is a parameter.
    @discardableResult func declareParameter(_ name: Int32) -> Int32 {
        stores[name] = true
        return define(name, .parameter)
    }

    /// Notes that a name is read.
    func load(_ name: Int32) {
        if find(name) == nil { define(name, .global) }
    }

    /// Notes that a name is set.
    func store(_ name: Int32) {
        stores[name] = true
        guard !slots.contains(name) else { return }
        if let outer = parent?.find(name) {
            define(name, .alias(variable(outer), name: name))
        } else {
            define(name, .empty)
        }
    }

    /// A copy for one branch of an `if`.
    func branch() -> Symbols { Symbols(copying: self) }

    /// Takes over what the branches of an `if` did; names that not all of them set keep their outer value.
    func merge(_ branches: [Symbols]) {
        var counts = NumberMap<Int>()
        for branch in branches {
            for name in branch.stores.keys where !stores.contains(name) { counts[name] = (counts[name] ?? 0) + 1 }
        }
        for branch in branches {
            slots.merge(branch.slots)
            loads.merge(branch.loads)
            stores.merge(branch.stores)
            let known = Set(owned)
            owned.append(contentsOf: branch.owned.filter { !known.contains($0) })
        }
        for (name, count) in zip(counts.keys, counts.values) where count < branches.count {
            guard let reference = find(name) else { continue }
            if let outer = parent?.find(name) {
                loads[reference.slot] = .alias(variable(outer), name: name)
            } else {
                loads[reference.slot] = .global
            }
        }
    }

    /// What entering and leaving the scope does.
    func layout(_ names: [String]) -> ScopeLayout {
        if owned.isEmpty { return .empty }
        var cleared: [Int32] = []
        var aliases: [ScopeLayout.Alias] = []
        for slot in owned {
            switch loads[slot] {
            case .alias(let source, let name):
                aliases.append(.init(slot: slot, source: source, name: names[Int(name)]))
            case .empty, .global: cleared.append(slot)
            case .parameter, nil: break
            }
        }
        return ScopeLayout(cleared: cleared, aliases: aliases, owned: owned)
    }

    /// The names that were set here and around, for included templates.
    func visible(_ names: [String]) -> [ScopeLayout.Alias] {
        var seen = NumberMap<Bool>()
        var result: [ScopeLayout.Alias] = []
        var scope: Symbols? = self
        while let current = scope {
            for name in current.stores.keys where !seen.contains(name) {
                seen[name] = true
                result.append(.init(slot: -1, source: variable(name), name: names[Int(name)]))
            }
            scope = current.parent
        }
        return result
    }
}
