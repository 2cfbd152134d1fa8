/// The names of one scope, by the rules of Jinja's identifier tracking.
///
/// A name is loaded from the context when it is read before it is set; it begins empty when it is set first; and it
/// begins as the outer variable when an inner scope sets a name that exists outside.
final class Symbols {
    /// How a variable begins.
    enum Load {
        case parameter
        case global
        case empty
        case alias(Variable, String)
    }

    /// A variable and the function whose frame holds it.
    struct Reference {
        let function: FunctionScope
        let slot: Int32
    }

    let function: FunctionScope
    let parent: Symbols?
    private(set) var slots: [String: Int32] = [:]
    private var loads: [Int32: Load] = [:]
    private(set) var stores: Set<String> = []
    /// The slots that were made for this scope.
    private(set) var owned: [Int32] = []

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
    func find(_ name: String) -> Reference? {
        var scope: Symbols? = self
        while let current = scope {
            if let slot = current.slots[name] { return Reference(function: current.function, slot: slot) }
            scope = current.parent
        }
        return nil
    }

    private func findLoad(_ reference: Reference) -> Load? {
        var scope: Symbols? = self
        while let current = scope {
            if current.function === reference.function, let load = current.loads[reference.slot] { return load }
            scope = current.parent
        }
        return nil
    }

    /// The variable as code of this scope reaches it.
    func variable(_ name: String) -> Variable {
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

    @discardableResult private func define(_ name: String, _ load: Load) -> Int32 {
        let slot: Int32
        if let known = slots[name] {
            slot = known
        } else {
            slot = function.makeSlot()
            owned.append(slot)
        }
        slots[name] = slot
        loads[slot] = load
        return slot
    }

    /// Makes a name stand for an existing slot.
    func share(_ name: String, _ slot: Int32) {
        slots[name] = slot
        loads[slot] = .parameter
    }

    /// Notes that a name is a parameter.
    @discardableResult func declareParameter(_ name: String) -> Int32 {
        stores.insert(name)
        return define(name, .parameter)
    }

    /// Notes that a name is read.
    func load(_ name: String) {
        if find(name) == nil { define(name, .global) }
    }

    /// Notes that a name is set.
    func store(_ name: String) {
        stores.insert(name)
        guard slots[name] == nil else { return }
        if let outer = parent?.find(name) {
            define(name, .alias(variable(outer), name))
        } else {
            define(name, .empty)
        }
    }

    /// A copy for one branch of an `if`.
    func branch() -> Symbols { Symbols(copying: self) }

    /// Takes over what the branches of an `if` did; names that not all of them set keep their outer value.
    func merge(_ branches: [Symbols]) {
        var counts: [String: Int] = [:]
        for branch in branches {
            for name in branch.stores where !stores.contains(name) { counts[name, default: 0] += 1 }
        }
        for branch in branches {
            slots.merge(branch.slots) { _, new in new }
            loads.merge(branch.loads) { _, new in new }
            stores.formUnion(branch.stores)
            owned.append(contentsOf: branch.owned.filter { !owned.contains($0) })
        }
        for (name, count) in counts where count < branches.count {
            guard let reference = find(name) else { continue }
            if let outer = parent?.find(name) {
                loads[reference.slot] = .alias(variable(outer), name)
            } else {
                loads[reference.slot] = .global
            }
        }
    }

    /// What entering and leaving the scope does.
    var layout: ScopeLayout {
        var layout = ScopeLayout()
        for slot in owned {
            layout.owned.append(slot)
            switch loads[slot] {
            case .alias(let source, let name): layout.aliases.append(.init(slot: slot, source: source, name: name))
            case .empty, .global: layout.cleared.append(slot)
            case .parameter, nil: break
            }
        }
        return layout
    }

    /// The names that were set here and around, for included templates.
    var visible: [ScopeLayout.Alias] {
        var names: Set<String> = []
        var result: [ScopeLayout.Alias] = []
        var scope: Symbols? = self
        while let current = scope {
            for name in current.stores.sorted() where names.insert(name).inserted {
                result.append(.init(slot: -1, source: variable(name), name: name))
            }
            scope = current.parent
        }
        return result
    }
}
