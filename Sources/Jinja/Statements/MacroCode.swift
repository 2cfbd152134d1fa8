/// The parameters and body of a macro or call block.
package struct MacroCode: @unchecked Sendable {
    // Points into a syntax tree, which nobody changes once its template is shared.

    /// A parameter.
    struct Parameter {
        let name: Name
        let defaultValue: Expression?
        /// Where its name stands in the source.
        let offset: Int
    }

    struct Storage {
        /// The name; nil for a call block.
        let name: Name?
        /// The parameters, which live in the first slots of the frame.
        let parameters: NodeList<Parameter>
        let body: Body
        /// Whether the output of the body is escaped, as the tags around it say; nil when only rendering tells.
        let isEscaped: Bool?
        /// The frame that a call needs. It and the slots are filled in by the scope resolver.
        var function = FunctionScope.none
        /// Variables of the body that begin as the outer ones they hide.
        var layout = ScopeLayout.empty
        /// The slots of `caller`, `kwargs` and `varargs`, when the body uses them.
        var callerSlot: Int32?
        var keywordsSlot: Int32?
        var variadicSlot: Int32?
        /// Whether the body uses none of them.
        var takesOnlyParameters = true
    }

    let storage: UnsafeMutablePointer<Storage>

    init(_ name: Name?, _ parameters: NodeList<Parameter>, _ body: Body, isEscaped: Bool?, _ arena: Arena) {
        storage = arena.make(Storage(name: name, parameters: parameters, body: body, isEscaped: isEscaped))
    }

    /// The name; nil for a call block.
    var name: String? { storage.pointee.name?.text }
    /// The parameters.
    @inline(__always) var parameters: NodeList<Parameter> { storage.pointee.parameters }
    /// The body.
    @inline(__always) var body: Body { storage.pointee.body }

    /// The position of the parameter with a name. In the same template it is the same name.
    func position(of name: Name) -> Int? {
        parameters.firstIndex { $0.name.storage == name.storage || Text.equal($0.name.text, name.text) }
    }

    func visitChildren(_ visit: (Node) -> Void) {
        for parameter in parameters { if let value = parameter.defaultValue { visit(value.node) } }
        body.visitChildren(visit)
    }
}
