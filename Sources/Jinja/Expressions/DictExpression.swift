import OrderedCollections

/// A dict literal.
struct DictExpression: NodeView {
    struct Storage {
        var head: NodeHead
        /// Keys and values in turns.
        let items: NodeList<Expression>
    }

    static let kind = NodeKind.dict
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    /// - Parameter items: Keys and values in turns.
    init(_ items: NodeList<Expression>, _ arena: Arena, offset: Int) {
        let head = NodeHead(.dict, offset, height: (items.map(\.height).max() ?? 0) + 1)
        node = arena.make(Storage(head: head, items: items))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let dict = Dict()
        let items = node.pointee.items
        dict.storage.reserveCapacity(items.count / 2)
        for index in stride(from: 0, to: items.count, by: 2) {
            let key = try items[index].evaluate(frame, runtime)
            let value = try items[index + 1].evaluate(frame, runtime)
            dict.storage[try locating(frame) { try key.hashable() }] = value
        }
        return .dict(dict)
    }

    /// The dict when it is made of literals only.
    var constant: Value? {
        let dict = Dict()
        let items = node.pointee.items
        for index in stride(from: 0, to: items.count, by: 2) {
            guard let key = items[index].constant, key.isHashable, let value = items[index + 1].constant else { return nil }
            dict.storage[key] = value
        }
        return .dict(dict)
    }
}
