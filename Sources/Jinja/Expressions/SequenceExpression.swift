/// A list or tuple literal, or a tuple of targets.
struct SequenceExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let isTuple: Bool
        let items: NodeList<Expression>
    }

    static let kind = NodeKind.sequence
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ items: NodeList<Expression>, isTuple: Bool, _ arena: Arena, offset: Int) {
        let head = NodeHead(.sequence, offset, height: (items.map(\.height).max() ?? 0) + 1)
        node = arena.make(Storage(head: head, isTuple: isTuple, items: items))
    }

    /// The elements.
    @inline(__always) var items: NodeList<Expression> { node.pointee.items }

    /// Whether it is a tuple.
    @inline(__always) var isTuple: Bool { node.pointee.isTuple }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try item.evaluate(frame, runtime)) }
        return isTuple ? .tuple(Tuple(values)) : .list(List(values))
    }

    /// The sequence when it is made of literals only.
    var constant: Value? {
        var values: [Value] = []
        for item in items {
            guard let value = item.constant else { return nil }
            values.append(value)
        }
        return isTuple ? .tuple(Tuple(values)) : .list(List(values))
    }
}
