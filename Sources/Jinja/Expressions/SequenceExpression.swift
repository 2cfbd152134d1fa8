/// A list or tuple literal, or a tuple of targets.
package final class SequenceExpression: Expression, @unchecked Sendable {
    package let items: [Expression]
    package let isTuple: Bool

    init(_ items: [Expression], isTuple: Bool, offset: Int) {
        self.items = items
        self.isTuple = isTuple
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try item.evaluate(frame, runtime)) }
        return isTuple ? .tuple(Tuple(values)) : .list(List(values))
    }

    override package var constant: Value? {
        var values: [Value] = []
        for item in items {
            guard let value = item.constant else { return nil }
            values.append(value)
        }
        return isTuple ? .tuple(Tuple(values)) : .list(List(values))
    }

    override package func visitChildren(_ visit: (Node) -> Void) { items.forEach(visit) }
    override var targetDescription: String { isTuple ? "tuple" : "list" }
}
