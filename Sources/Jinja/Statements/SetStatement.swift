/// `{% set target = value %}`.
struct SetStatement: NodeView {
    struct Storage {
        var head: NodeHead
        let target: Expression
        let value: Expression
    }

    static let kind = NodeKind.set
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ target: Expression, _ value: Expression, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.set, offset), target: target, value: value))
    }

    func execute(_ frame: Frame, _ runtime: Runtime) throws {
        let (target, value) = (node.pointee.target, node.pointee.value)
        switch target.kind {
        case .name:
            let variable = target.view(NameExpression.self).variable
            if let operation = value.cast(BinaryExpression.self) {
                if let number = operation.integer(frame) { return frame.store(integer: number, variable) }
                return frame.store(try operation.evaluateOperands(frame, runtime), variable)
            }
            frame.store(try value.evaluate(frame, runtime), variable)
        case .namespaceTarget:
            let attribute = target.view(NamespaceTarget.self)
            if let number = value.cast(BinaryExpression.self)?.integer(frame),
                attribute.assign(integer: number, frame)
            {
                return
            }
            let namespace = try attribute.namespace(frame, runtime)
            attribute.assign(try value.evaluate(frame, runtime), to: namespace)
        default:
            try SetStatement.checkNamespaces(target, frame, runtime)
            let result = try value.evaluate(frame, runtime)
            try Assignment.assign(result, to: target, frame, runtime)
        }
    }

    /// Jinja looks at the namespaces before it evaluates the value.
    private static func checkNamespaces(_ target: Expression, _ frame: Frame, _ runtime: Runtime) throws {
        if let attribute = target.cast(NamespaceTarget.self) { _ = try attribute.namespace(frame, runtime) }
        if let sequence = target.cast(SequenceExpression.self) {
            for item in sequence.items { try checkNamespaces(item, frame, runtime) }
        }
    }
}
