/// Things by their id, in the order in which they were added.
package struct IDTable<Element: Sendable>: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var keys: [NodeID] = []
    private var storage: [NodeID: Element] = [:]

    package init() {}

    package init(dictionaryLiteral elements: (NodeID, Element)...) {
        for (key, value) in elements { self[key] = value }
    }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }
    package var values: [Element] { keys.compactMap { storage[$0] } }

    package subscript(id: NodeID) -> Element? {
        get { storage[id] }
        set {
            if let newValue {
                if storage.updateValue(newValue, forKey: id) == nil { keys.append(id) }
            } else {
                removeValue(forKey: id)
            }
        }
        _modify {
            let existed = storage[id] != nil
            yield &storage[id]
            let exists = storage[id] != nil
            if exists, !existed { keys.append(id) }
            if existed, !exists { keys.removeAll { $0 == id } }
        }
    }

    @discardableResult
    package mutating func removeValue(forKey id: NodeID) -> Element? {
        guard let value = storage.removeValue(forKey: id) else { return nil }
        keys.removeAll { $0 == id }
        return value
    }
}

extension IDTable: Sequence {
    package func makeIterator() -> AnyIterator<(key: NodeID, value: Element)> {
        var index = 0
        return AnyIterator { [keys, storage] in
            while index < keys.count {
                defer { index += 1 }
                if let value = storage[keys[index]] { return (keys[index], value) }
            }
            return nil
        }
    }
}
