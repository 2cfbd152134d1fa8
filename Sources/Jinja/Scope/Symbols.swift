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
        case alias(Variable)
    }

    /// A name of the scope.
    struct Entry {
        let name: Int32
        /// Where its value lives, nil for a name that is set but has no place yet.
        var slot: Int32?
        var load = Load.empty
        /// Whether the name is set here.
        var isStored = false
        /// Whether the slot was made for this scope.
        var isOwned = false
    }

    /// A variable and the function whose frame holds it.
    struct Reference {
        let function: FunctionScope
        let slot: Int32
        let load: Load
    }

    let function: FunctionScope
    let parent: Symbols?
    @exclusivity(unchecked) private(set) var entries: [Entry] = []
    /// Places in ``entries`` by name plus one, where there are many.
    @exclusivity(unchecked) private var index: [Int32] = []

    init(function: FunctionScope, parent: Symbols?) {
        self.function = function
        self.parent = parent
    }

    private init(copying other: Symbols) {
        function = other.function
        parent = other.parent
        entries = other.entries
        index = other.index
    }

    // MARK: Finding

    private func position(_ name: Int32) -> Int? {
        if !index.isEmpty {
            let place = Int(name) < index.count ? index[Int(name)] : 0
            return place > 0 ? Int(place) - 1 : nil
        }
        return entries.withUnsafeBufferPointer { entries in
            for place in 0..<entries.count where entries[place].name == name { return place }
            return nil
        }
    }

    /// The place of a name, which is made where it is missing.
    private func place(_ name: Int32) -> Int {
        if let known = position(name) { return known }
        if entries.isEmpty { entries.reserveCapacity(8) }
        entries.append(Entry(name: name))
        if !index.isEmpty { note(name, entries.count) } else if entries.count > 16 { makeIndex() }
        return entries.count - 1
    }

    private func makeIndex() {
        index = [Int32](repeating: 0, count: 64)
        for (place, entry) in entries.enumerated() { note(entry.name, place + 1) }
    }

    private func note(_ name: Int32, _ place: Int) {
        while Int(name) >= index.count { index.append(contentsOf: repeatElement(0, count: index.count)) }
        index[Int(name)] = Int32(place)
    }

    /// The slot of a name in this very scope.
    func slot(of name: Int32) -> Int32? { position(name).flatMap { entries[$0].slot } }

    /// The variable of a name in this scope or around it.
    func find(_ name: Int32) -> Reference? {
        var scope = Unmanaged.passUnretained(self)
        while true {
            let found = scope._withUnsafeGuaranteedRef { scope -> Reference? in
                guard let place = scope.position(name), let slot = scope.entries[place].slot else { return nil }
                return Reference(function: scope.function, slot: slot, load: scope.entries[place].load)
            }
            if let found { return found }
            guard let parent = scope._withUnsafeGuaranteedRef({ $0.parent.map { Unmanaged.passUnretained($0) } }) else {
                return nil
            }
            scope = parent
        }
    }

    /// The variable as code of this scope reaches it.
    func variable(_ name: Int32) -> Variable {
        if let reference = find(name) { return variable(reference) }
        define(name, .global)
        return find(name).map { variable($0) } ?? .unresolved
    }

    private func variable(_ reference: Reference) -> Variable {
        var isGlobal = false
        if case .global = reference.load { isGlobal = true }
        return Variable(hops: function.level - reference.function.level, slot: reference.slot, isGlobal: isGlobal)
    }

    // MARK: Noting

    @discardableResult private func define(_ name: Int32, _ load: Load) -> Int32 {
        let place = place(name)
        entries[place].load = load
        if let known = entries[place].slot { return known }
        let slot = function.makeSlot()
        entries[place].slot = slot
        entries[place].isOwned = true
        return slot
    }

    /// Makes a name stand for an existing slot.
    func share(_ name: Int32, _ slot: Int32) {
        let place = place(name)
        entries[place].slot = slot
        entries[place].load = .parameter
    }

    /// Notes that a name is a parameter.
    @discardableResult func declareParameter(_ name: Int32) -> Int32 {
        let slot = define(name, .parameter)
        entries[place(name)].isStored = true
        return slot
    }

    /// Notes that a name is read.
    func load(_ name: Int32) {
        if find(name) == nil { define(name, .global) }
    }

    /// Notes that a name is set.
    func store(_ name: Int32) {
        let place = place(name)
        entries[place].isStored = true
        guard entries[place].slot == nil else { return }
        if let outer = parent?.find(name) {
            define(name, .alias(variable(outer)))
        } else {
            define(name, .empty)
        }
    }

    // MARK: Branches

    /// A copy for one branch of an `if`.
    func branch() -> Symbols { Symbols(copying: self) }

    /// Takes over what the branches of an `if` did; names that not all of them set keep their outer value.
    func merge(_ branches: [Symbols]) {
        var counts: [(name: Int32, count: Int)] = []
        for branch in branches {
            for entry in branch.entries where entry.isStored && !isStored(entry.name) {
                if let known = counts.firstIndex(where: { $0.name == entry.name }) {
                    counts[known].count += 1
                } else {
                    counts.append((entry.name, 1))
                }
            }
        }
        for branch in branches {
            for entry in branch.entries {
                let place = place(entry.name)
                let (wasStored, wasOwned) = (entries[place].isStored, entries[place].isOwned)
                if entry.slot != nil { entries[place] = entry }
                entries[place].isStored = wasStored || entry.isStored
                entries[place].isOwned = wasOwned || entry.isOwned
            }
        }
        for (name, count) in counts where count < branches.count {
            guard find(name) != nil, let place = position(name) else { continue }
            if let outer = parent?.find(name) {
                entries[place].load = .alias(variable(outer))
            } else {
                entries[place].load = .global
            }
        }
    }

    private func isStored(_ name: Int32) -> Bool { position(name).map { entries[$0].isStored } ?? false }

    // MARK: Results

    /// Whether a variable begins as an outer one.
    var hasAliases: Bool {
        entries.contains { entry in
            if case .alias = entry.load { true } else { false }
        }
    }

    /// What entering and leaving the scope does.
    func layout(_ names: NameTable, _ arena: Arena) -> ScopeLayout {
        var cleared: [Int32] = []
        var aliases: [ScopeLayout.Alias] = []
        var owned: [Int32] = []
        for entry in entries where entry.isOwned {
            guard let slot = entry.slot else { continue }
            // What is only read, and set nowhere around, stays what it is while the function runs: it is looked up once.
            if case .global = entry.load, !entry.isStored { continue }
            owned.append(slot)
            switch entry.load {
            case .alias(let source): aliases.append(.init(slot: slot, source: source, name: names.names[Int(entry.name)]))
            case .empty, .global: cleared.append(slot)
            case .parameter: break
            }
        }
        return owned.isEmpty ? .empty : ScopeLayout(cleared: cleared, aliases: aliases, owned: owned, arena)
    }

    /// The names that were set here and around, for included templates.
    func visible(_ names: NameTable, _ arena: Arena) -> NodeList<ScopeLayout.Alias> {
        var seen: Set<Int32> = []
        var result: [ScopeLayout.Alias] = []
        var scope: Symbols? = self
        while let current = scope {
            for entry in current.entries where entry.isStored && seen.insert(entry.name).inserted {
                result.append(.init(slot: -1, source: variable(entry.name), name: names.names[Int(entry.name)]))
            }
            scope = current.parent
        }
        return arena.list(result)
    }
}
