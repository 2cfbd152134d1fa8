import OrderedCollections

/// Frees nested containers without recursion.
///
/// A template can nest lists a million deep; the nested deinitialisers would then overflow the stack.
enum Teardown {
    /// Empties `items`, taking apart containers that nobody else holds, level by level.
    static func release(_ items: inout [Value]) {
        // Containers whose elements are none nest no deeper, so that they need no help.
        guard items.contains(where: \.holdsContainers) else { return }
        var pending = items
        items = []
        while let next = pending.popLast() { dismantle(next, into: &pending) }
    }

    private static func dismantle(_ value: consuming Value, into pending: inout [Value]) {
        switch consume value {
        case .list(var list):
            guard isKnownUniquelyReferenced(&list) else { return }
            pending.append(contentsOf: list.items)
            list.items = []
        case .tuple(var tuple):
            guard isKnownUniquelyReferenced(&tuple) else { return }
            pending.append(contentsOf: tuple.take())
        case .dict(var dict):
            guard isKnownUniquelyReferenced(&dict) else { return }
            pending.append(contentsOf: dict.storage.values)
            dict.storage = [:]
        default: break
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
        default: false
        }
    }

    /// Whether the value holds other values that may hold others in turn.
    var isContainer: Bool {
        switch self {
        case .list, .tuple, .dict: true
        default: false
        }
    }
}
