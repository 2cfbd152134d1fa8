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
        attribute.prepareForAttribute(arena)
        node = arena.make(Storage(head: NodeHead(.namespaceTarget, offset), base: base, attribute: attribute))
    }

    /// Sets the attribute.
    func assign(_ value: Value, to namespace: Namespace) {
        let name = node.pointee.attribute
        if let key = name.storage.pointee.key { namespace.set(value, for: key) } else { namespace[name.text] = value }
    }

    /// Sets the attribute when the namespace is at hand; its variable holds it meanwhile.
    @inline(__always) func assign(integer value: Int, _ frame: Frame) -> Bool {
        guard case .object(let object)? = node.pointee.base.peek(frame)?.pointee else { return false }
        return Unmanaged.passUnretained(object)._withUnsafeGuaranteedRef { object in
            guard type(of: object) == Namespace.self else { return false }
            assign(.int(value), to: unsafeDowncast(object, to: Namespace.self))
            return true
        }
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
