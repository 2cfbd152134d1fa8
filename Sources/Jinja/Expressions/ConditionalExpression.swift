/// `value if condition else other`.
struct ConditionalExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let condition: Expression
        let value: Expression
        let otherwise: Expression?
    }

    static let kind = NodeKind.conditional
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ condition: Expression, _ value: Expression, _ otherwise: Expression?, _ arena: Arena, offset: Int) {
        let height = max(condition.height, value.height, otherwise?.height ?? 0)
        let head = NodeHead(.conditional, offset, height: height + 1)
        node = arena.make(Storage(head: head, condition: condition, value: value, otherwise: otherwise))
    }

    /// The branch that counts; nil when there is none.
    @inline(__always) func chosen(_ frame: Frame, _ runtime: Runtime) throws -> Expression? {
        try node.pointee.condition.test(frame, runtime) ? node.pointee.value : node.pointee.otherwise
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let chosen = try chosen(frame, runtime) { return try chosen.evaluate(frame, runtime) }
        var place = "line \(frame.source.position(of: offset).line)"
        if let name = frame.source.name { place += " in \(Value.string(name).pythonRepr)" }
        let hint = "the inline if-expression on \(place) evaluated to false and no else section was defined."
        // Whatever the environment's kind, this one is lenient, as in Jinja: it prints as nothing.
        return .undefined(Undefined(.hint(hint)))
    }
}
