/// The arguments of a call, filter or test in the source.
package struct CallArguments: @unchecked Sendable {
    // Holds nodes, which are Sendable; the array of pairs only makes the compiler ask.
    package var positional: [Expression] = []
    package var named: [(name: String, value: Expression)] = []
    package var variadic: Expression?
    package var keywords: Expression?

    /// Whether there are neither `*args` nor `**kwargs`.
    var isSimple: Bool { variadic == nil && keywords == nil }

    package func visitChildren(_ visit: (Node) -> Void) {
        positional.forEach(visit)
        for argument in named { visit(argument.value) }
        if let variadic { visit(variadic) }
        if let keywords { visit(keywords) }
    }
}
