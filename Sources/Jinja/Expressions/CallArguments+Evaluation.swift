extension CallArguments {
    /// The arguments when all of them are literals.
    var literals: Arguments? {
        guard isSimple else { return nil }
        var arguments = Arguments()
        for expression in positional {
            guard let literal = expression as? LiteralExpression else { return nil }
            arguments.positional.append(literal.value)
        }
        for (name, expression) in named {
            guard let literal = expression as? LiteralExpression else { return nil }
            arguments.named.append((name, literal.value))
        }
        return arguments
    }

    /// Evaluates the arguments.
    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Arguments {
        var arguments = Arguments()
        if !positional.isEmpty {
            arguments.positional.reserveCapacity(positional.count)
            try positional.withUnsafeBufferPointer { expressions in
                for expression in expressions {
                    let value = try Unmanaged.passUnretained(expression)._withUnsafeGuaranteedRef {
                        try $0.evaluate(frame, runtime)
                    }
                    arguments.positional.append(value)
                }
            }
        }
        if !named.isEmpty {
            arguments.named.reserveCapacity(named.count)
            for argument in named { arguments.named.append((argument.name, try argument.value.evaluate(frame, runtime))) }
        }
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
}
