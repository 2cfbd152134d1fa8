/// Things by their id, in the order in which they were added.
package struct IDTable<Element: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var keys: [NodeID] = []
    /// In the order of ``keys``.
    package private(set) var values: [Element] = []
    private var indexes: [NodeID: Int] = [:]

    package init() {}

    /// - Parameter keys: as many as there are values, each once.
    package init(keys: [NodeID], values: [Element]) {
        self.keys = keys
        self.values = values
        indexes.reserveCapacity(keys.count)
        for (index, key) in keys.enumerated() { indexes[key] = index }
    }

    package mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
        indexes.reserveCapacity(count)
    }

    package init(dictionaryLiteral elements: (NodeID, Element)...) {
        for (key, value) in elements { self[key] = value }
    }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }

    package subscript(id: NodeID) -> Element? {
        get { indexes[id].map { values[$0] } }
        set {
            switch (indexes[id], newValue) {
            case (let index?, let value?): values[index] = value
            case (nil, let value?):
                indexes[id] = keys.count
                keys.append(id)
                values.append(value)
            case (_?, nil): removeValue(forKey: id)
            case (nil, nil): break
            }
        }
    }

    /// Changes the value under `id` in place; nothing where there is none.
    package mutating func update(_ id: NodeID, _ change: (inout Element) throws -> Void) rethrows {
        guard let index = indexes[id] else { return }
        try change(&values[index])
    }

    /// Where the value under `id` is.
    package func index(of id: NodeID) -> Int? { indexes[id] }

    /// Changes the value at a place of ``values`` in place.
    package mutating func update(at index: Int, _ change: (inout Element) throws -> Void) rethrows {
        try change(&values[index])
    }

    @discardableResult
    package mutating func removeValue(forKey id: NodeID) -> Element? {
        guard let index = indexes.removeValue(forKey: id) else { return nil }
        keys.remove(at: index)
        for later in index..<keys.count { indexes[keys[later]] = later }
        return values.remove(at: index)
    }
}

extension IDTable: Sequence {
    package func makeIterator() -> Zip2Sequence<[NodeID], [Element]>.Iterator { zip(keys, values).makeIterator() }
}
