import OrderedCollections

/// A dict literal.
struct DictExpression: NodeView {
    struct Storage {
        var head: NodeHead
        /// Keys and values in turns.
        let items: NodeList<Expression>
        /// A tuple of the keys when they are different literals. Dicts share its memory until they get further keys.
        let keys: UnsafeMutablePointer<Value>?
    }

    static let kind = NodeKind.dict
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    /// - Parameter items: Keys and values in turns.
    init(_ items: NodeList<Expression>, _ arena: Arena, offset: Int) {
        let head = NodeHead(.dict, offset, height: (items.map(\.height).max() ?? 0) + 1)
        let keys = DictExpression.literalKeys(items).map { arena.keep(.tuple(Tuple($0))) }
        node = arena.make(Storage(head: head, items: items, keys: keys))
    }

    /// The keys when there are a few different literals.
    private static func literalKeys(_ items: NodeList<Expression>) -> [Value]? {
        guard 2...16 ~= items.count else { return nil }
        var keys: [Value] = []
        for index in stride(from: 0, to: items.count, by: 2) {
            guard let literal = items[index].cast(LiteralExpression.self), literal.value.isHashable,
                !keys.contains(literal.value)
            else { return nil }
            keys.append(literal.value)
        }
        return keys
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let items = node.pointee.items
        if let keys = node.pointee.keys, case .tuple(let tuple) = keys.pointee {
            var values: [Value] = []
            values.reserveCapacity(items.count / 2)
            for index in stride(from: 1, to: items.count, by: 2) { values.append(try items[index].evaluate(frame, runtime)) }
            return .dict(Dict(storage: OrderedDictionary(uncheckedUniqueKeys: tuple.items, values: values)))
        }
        let dict = Dict()
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
