/// The arguments of a call, filter or test in the source.
package struct CallArguments: @unchecked Sendable {
    // Holds nodes, which are Sendable; the array of pairs only makes the compiler ask.
    package var positional: [Expression] = []
    package var named: [(name: String, value: Expression)] = []
    package var variadic: Expression?
    package var keywords: Expression?

    /// Whether there are neither `*args` nor `**kwargs`.
    var isSimple: Bool { variadic == nil && keywords == nil }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Arguments {
        var arguments = Arguments()
        if !positional.isEmpty {
            arguments.positional.reserveCapacity(positional.count)
            for argument in positional { arguments.positional.append(try argument.evaluate(frame, runtime)) }
        }
        for argument in named { arguments.named.append((argument.name, try argument.value.evaluate(frame, runtime))) }
        if !isSimple { try expand(&arguments, frame, runtime) }
        return arguments
    }

    private func expand(_ arguments: inout Arguments, _ frame: Frame, _ runtime: Runtime) throws {
        if let variadic {
            let value = try variadic.evaluate(frame, runtime)
            guard value.isIterable else {
                throw TemplateError.type("argument after * must be an iterable, not \(value.typeName)")
            }
            arguments.positional.append(contentsOf: try value.iterate())
        }
        guard let keywords else { return }
        let value = try keywords.evaluate(frame, runtime)
        guard let pairs = try value.mappingPairs(runtime) else {
            throw TemplateError.type("argument after ** must be a mapping, not \(value.typeName)")
        }
        for (key, value) in pairs {
            guard let name = key.stringValue else { throw TemplateError.type("keywords must be strings") }
            if arguments[name] != nil {
                throw TemplateError.type("got multiple values for keyword argument '\(name)'")
            }
            arguments.named.append((name, value))
        }
    }

    package func visitChildren(_ visit: (Node) -> Void) {
        positional.forEach(visit)
        for argument in named { visit(argument.value) }
        if let variadic { visit(variadic) }
        if let keywords { visit(keywords) }
    }
}
