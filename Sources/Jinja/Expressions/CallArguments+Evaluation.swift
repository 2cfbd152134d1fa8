extension CallArguments {
    /// Whether all arguments are literals.
    var areLiterals: Bool {
        isSimple && items.allSatisfy { $0.kind == .literal } && keyed.allSatisfy { $0.value.kind == .literal }
    }

    /// The arguments when all of them are literals.
    var literals: Arguments? {
        guard areLiterals else { return nil }
        return Arguments(
            items.map { $0.view(LiteralExpression.self).value },
            named: keyed.map { ($0.name.text, $0.value.view(LiteralExpression.self).value) })
    }

    /// Evaluates the arguments.
    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Arguments {
        var arguments = Arguments()
        if isEmpty { return arguments }
        if !items.isEmpty {
            arguments.positional.reserveCapacity(items.count)
            for item in items { arguments.positional.append(try item.evaluate(frame, runtime)) }
        }
        if !keyed.isEmpty {
            arguments.named.reserveCapacity(keyed.count)
            for item in keyed { arguments.named.append((item.name.text, try item.value.evaluate(frame, runtime))) }
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
