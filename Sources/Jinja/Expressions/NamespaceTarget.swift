/// `namespace.attribute` as the target of an assignment.
struct NamespaceTarget: NodeView {
    struct Storage {
        var head: NodeHead
        /// The variable that holds the namespace.
        let base: NameExpression
        let attribute: Name
    }

    static let kind = NodeKind.namespaceTarget
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ base: NameExpression, _ attribute: Name, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.namespaceTarget, offset), base: base, attribute: attribute))
    }

    /// The namespace that is assigned to.
    func namespace(_ frame: Frame, _ runtime: Runtime) throws -> Namespace {
        let value = try node.pointee.base.evaluate(frame, runtime)
        if case .object(let object) = value, type(of: object) == Namespace.self {
            return unsafeDowncast(object, to: Namespace.self)
        }
        guard case .object(let object) = value, let namespace = object as? Namespace else {
            throw located(TemplateError.runtime("cannot assign attribute on non-namespace object"), frame)
        }
        return namespace
    }
}
