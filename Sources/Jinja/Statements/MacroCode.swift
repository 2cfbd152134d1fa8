/// The parameters and body of a macro or call block.
package final class MacroCode: @unchecked Sendable {
    // The resolver fills in the slots before the template is shared; nothing changes afterwards.

    /// A parameter.
    package struct Parameter: Sendable {
        package let name: String
        /// The name's number in the ``NameTable`` of the template.
        let number: Int32
        package let defaultValue: Expression?
        /// Where its name stands in the source.
        package let offset: Int
    }

    /// The name; nil for a call block.
    package let name: String?
    /// The name's number in the ``NameTable`` of the template; negative for a call block.
    let number: Int32
    /// The parameters, which live in the first slots of the frame.
    package let parameters: [Parameter]
    package let body: Body
    /// Whether the output of the body is escaped, as the tags around it say; nil when only rendering tells.
    let isEscaped: Bool?
    /// The frame that a call needs.
    @exclusivity(unchecked) var function = FunctionScope(level: 0)
    /// The slots of `caller`, `kwargs` and `varargs`, when the body uses them.
    @exclusivity(unchecked) var callerSlot: Int32?
    @exclusivity(unchecked) var keywordsSlot: Int32?
    @exclusivity(unchecked) var variadicSlot: Int32?

    init(_ name: String?, number: Int32 = -1, _ parameters: [Parameter], _ body: Body, isEscaped: Bool?) {
        self.name = name
        self.number = number
        self.parameters = parameters
        self.body = body
        self.isEscaped = isEscaped
    }

    /// Whether the body uses none of `caller`, `kwargs` and `varargs`.
    @inline(__always) var takesOnlyParameters: Bool { callerSlot == nil && keywordsSlot == nil && variadicSlot == nil }

    /// The position of the parameter with a name.
    func position(of name: String) -> Int? { parameters.firstIndex { $0.name == name } }

    package func visitChildren(_ visit: (Node) -> Void) {
        for parameter in parameters { if let value = parameter.defaultValue { visit(value) } }
        body.visitChildren(visit)
    }
}
