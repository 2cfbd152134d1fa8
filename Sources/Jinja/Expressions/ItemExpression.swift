/// `object[key]`: an item, else an attribute.
struct ItemExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let object: Expression
        let key: Expression
    }

    static let kind = NodeKind.item
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ object: Expression, _ key: Expression, _ arena: Arena, offset: Int) {
        let head = NodeHead(.item, offset, height: max(object.height, key.height) + 1)
        node = arena.make(Storage(head: head, object: object, key: key))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try node.pointee.object.evaluate(frame, runtime)
        let key = try node.pointee.key.evaluate(frame, runtime)
        return try locating(frame) { try runtime.item(of: value, key) }
    }
}
