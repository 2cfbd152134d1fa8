/// A list or tuple literal, or a tuple of targets.
struct SequenceExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let isTuple: Bool
        let items: NodeList<Expression>
        /// A tuple of the elements when all of them are literals. Lists of them share its memory until they are changed.
        let literals: UnsafeMutablePointer<Value>?
    }

    static let kind = NodeKind.sequence
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ items: NodeList<Expression>, isTuple: Bool, _ arena: Arena, offset: Int) {
        let head = NodeHead(.sequence, offset, height: (items.map(\.height).max() ?? 0) + 1)
        let isLiteral = items.count > 0 && items.allSatisfy { $0.kind == .literal }
        let values = isLiteral ? items.map { $0.view(LiteralExpression.self).value } : []
        let literals = isLiteral ? arena.keep(.tuple(Tuple(values))) : nil
        node = arena.make(Storage(head: head, isTuple: isTuple, items: items, literals: literals))
    }

    /// The elements.
    @inline(__always) var items: NodeList<Expression> { node.pointee.items }

    /// Whether it is a tuple.
    @inline(__always) var isTuple: Bool { node.pointee.isTuple }

    /// The elements when all of them are literals.
    @inline(__always) var literalItems: [Value]? {
        guard let literals = node.pointee.literals, case .tuple(let tuple) = literals.pointee else { return nil }
        return tuple.items
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let literals = node.pointee.literals, case .tuple(let tuple) = literals.pointee {
            return isTuple ? literals.pointee : .list(List(tuple.items))
        }
        if isTuple && items.count == 2 {
            let first = try items[0].evaluate(frame, runtime)
            return .tuple(Tuple(first, try items[1].evaluate(frame, runtime)))
        }
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
