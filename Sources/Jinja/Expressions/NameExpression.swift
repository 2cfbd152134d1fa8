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

    @inline(__always) func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        guard let value = frame.load(node.pointee.variable) else { return try resolve(frame, runtime) }
        if case .undefined(let undefined) = value, undefined === Missing.shared { return missing(runtime) }
        return value
    }

    @inline(never) private func missing(_ runtime: Runtime) -> Value { runtime.undefined(.name(name)) }

    @inline(never) private func resolve(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        try locating(frame) { try frame.resolve(variable, name, runtime) }
    }

    /// Appends the text of a number or string. Returns whether the value was one.
    @inline(__always) func write(_ frame: Frame, into output: inout TextBuffer) throws -> Bool {
        switch frame.load(node.pointee.variable) {
        case .int(let number): output.append(integer: number)
        case .string(let text): output.append(text: text)
        default: return false
        }
        return true
    }
}
