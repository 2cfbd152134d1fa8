/// A variable, read or as the target of an assignment.
package struct NameExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let name: Name
        /// Where the variable lives; set by the scope resolver.
        var variable = Variable.unresolved
    }

    static let kind = NodeKind.name
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ name: Name, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.name, offset), name: name))
    }

    /// The name.
    package var name: String { node.pointee.name.text }

    /// The name's number in the ``NameTable`` of the template.
    @inline(__always) var number: Int32 { node.pointee.name.number }

    /// Where the variable lives.
    @inline(__always) var variable: Variable { node.pointee.variable }

    /// Where the value is, when it is at hand and not undefined; valid until something else is evaluated.
    @inline(__always) func peek(_ frame: Frame) -> UnsafePointer<Value>? {
        guard let place = frame.peek(node.pointee.variable) else { return nil }
        if case .undefined = place.pointee { return nil }
        return place
    }

    @inline(__always) func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        guard let place = frame.peek(node.pointee.variable) else { return try resolve(frame, runtime) }
        if case .undefined(let undefined) = place.pointee, undefined === Missing.shared { return missing(runtime) }
        return place.pointee
    }

    /// Whether the name is known to exist nowhere, without making an undefined value of it.
    func isMissing(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        if frame.peek(node.pointee.variable) == nil, node.pointee.variable.isGlobal {
            _ = try locating(frame) { try frame.lookup(variable, name, runtime) }
        }
        guard case .undefined(let undefined)? = frame.peek(node.pointee.variable)?.pointee else { return false }
        return undefined === Missing.shared
    }

    @inline(never) private func missing(_ runtime: Runtime) -> Value { runtime.undefined(.name(name)) }

    @inline(never) private func resolve(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        try locating(frame) { try frame.resolve(variable, name, runtime) }
    }

}
