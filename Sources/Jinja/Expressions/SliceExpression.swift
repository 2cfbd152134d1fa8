/// `object[start:stop:step]`.
struct SliceExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let object: Expression
        let start: Expression?
        let stop: Expression?
        let step: Expression?
    }

    static let kind = NodeKind.slice
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(
        _ object: Expression, _ start: Expression?, _ stop: Expression?, _ step: Expression?, _ arena: Arena, offset: Int
    ) {
        let height = max(object.height, start?.height ?? 0, stop?.height ?? 0, step?.height ?? 0)
        let head = NodeHead(.slice, offset, height: height + 1)
        node = arena.make(Storage(head: head, object: object, start: start, stop: stop, step: step))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let node = node.pointee
        let value = try node.object.evaluate(frame, runtime)
        let first = try node.start?.evaluate(frame, runtime) ?? .none
        let last = try node.stop?.evaluate(frame, runtime) ?? .none
        let stride = try node.step?.evaluate(frame, runtime) ?? .none
        return try locating(frame) { try Slicing.slice(value, first, last, stride) }
    }
}
