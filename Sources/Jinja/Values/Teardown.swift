import OrderedCollections

/// Frees nested containers without recursion.
///
/// A template can nest lists a million deep; the nested deinitialisers would then overflow the stack.
enum Teardown {
    /// Empties `items`, taking apart containers that nobody else holds, one after the other.
    static func release(_ items: inout [Value]) {
        // Containers whose elements are none nest no deeper, so that they need no help.
        guard items.contains(where: \.holdsContainers) else { return }
        var pending = Pending()
        pending.add(items)
        items = []
        pending.empty()
    }

    /// Containers that wait to be taken apart. They stand in arrays of their own kind, where it can be told whether anybody
    /// else holds one; taken out of a ``Value``, each would be held twice.
    private struct Pending {
        private var lists: [List] = []
        private var tuples: [Tuple] = []
        private var dicts: [Dict] = []
        private var namespaces: [Namespace] = []

        mutating func add(_ values: some Sequence<Value>) {
            for value in values {
                switch value {
                case .list(let list): lists.append(list)
                case .tuple(let tuple): tuples.append(tuple)
                case .dict(let dict): dicts.append(dict)
                case .object(let object as Namespace): namespaces.append(object)
                default: break
                }
            }
        }

        mutating func empty() {
            while takeList() || takeTuple() || takeDict() || takeNamespace() {}
        }

        private mutating func takeList() -> Bool {
            guard let last = lists.indices.last else { return false }
            guard isKnownUniquelyReferenced(&lists[last]) else {
                lists.removeLast()
                return true
            }
            let items = lists[last].items
            lists[last].items = []
            lists.removeLast()
            add(items)
            return true
        }

        private mutating func takeTuple() -> Bool {
            guard let last = tuples.indices.last else { return false }
            guard isKnownUniquelyReferenced(&tuples[last]) else {
                tuples.removeLast()
                return true
            }
            let items = tuples[last].take()
            tuples.removeLast()
            add(items)
            return true
        }

        private mutating func takeDict() -> Bool {
            guard let last = dicts.indices.last else { return false }
            guard isKnownUniquelyReferenced(&dicts[last]) else {
                dicts.removeLast()
                return true
            }
            let values = dicts[last].storage.values.elements
            dicts[last].storage = [:]
            dicts.removeLast()
            add(values)
            return true
        }

        private mutating func takeNamespace() -> Bool {
            guard let last = namespaces.indices.last else { return false }
            guard isKnownUniquelyReferenced(&namespaces[last]) else {
                namespaces.removeLast()
                return true
            }
            let values = namespaces[last].takeValues()
            namespaces.removeLast()
            add(values)
            return true
        }
    }
}

extension Value {
    /// Whether the value holds containers.
    var holdsContainers: Bool {
        switch self {
        case .list(let list): list.items.contains(where: \.isContainer)
        case .tuple(let tuple): tuple.contains(where: \.isContainer)
        case .dict(let dict): dict.storage.values.contains(where: \.isContainer)
        case .object(let object as Namespace): object.holdsContainers
        default: false
        }
    }

    /// Whether the value holds other values that may hold others in turn.
    var isContainer: Bool {
        switch self {
        case .list, .tuple, .dict: true
        case .object(let object): object is Namespace
        default: false
        }
    }
}
