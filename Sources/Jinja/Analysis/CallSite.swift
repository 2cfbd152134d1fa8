/// A call of a name or of attributes of a name, found in a template without running it: `ref('a')`, `config.get('b')`.
package struct CallSite {
    /// The name and the attributes, such as `["config", "get"]`.
    package let path: [String]
    /// The positional arguments; nil where one is not made of literals.
    package let positional: [Value?]
    /// The named arguments; nil where one is not made of literals.
    package let named: [(name: String, value: Value?)]
    /// Whether there are `*args` or `**kwargs`.
    package let hasVariadicArguments: Bool
    /// Whether it stands inside of a statement that may not run it, or runs it several times.
    package let isConditional: Bool
    /// Where it stands in the source, in bytes.
    package let offset: Int

    /// Whether all arguments are known.
    package var isStatic: Bool {
        !hasVariadicArguments && positional.allSatisfy { $0 != nil } && named.allSatisfy { $0.value != nil }
    }

    init?(_ call: CallExpression, isConditional: Bool) {
        guard let path = CallSite.path(call.callee) else { return nil }
        self.path = path
        positional = call.arguments.positional.map(\.constant)
        named = call.arguments.named.map { ($0.name, $0.value.constant) }
        hasVariadicArguments = !call.arguments.isSimple
        self.isConditional = isConditional
        offset = call.offset
    }

    private static func path(_ expression: Expression) -> [String]? {
        if let name = expression.name { return [name.name] }
        guard let attribute = expression.attribute else { return nil }
        return path(attribute.object).map { $0 + [attribute.name] }
    }
}
