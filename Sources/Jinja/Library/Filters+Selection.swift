extension Filters {
    /// Filters that apply other filters and tests to each element.
    static let selection: [String: FilterBox] = [
        "map": .init(map),
        "select": .init { value, arguments, runtime in try select("sync_do_select", value, arguments, runtime, keeps: true) },
        "reject": .init { value, arguments, runtime in try select("sync_do_reject", value, arguments, runtime, keeps: false) },
        "selectattr": .init { value, arguments, runtime in
            try select("sync_do_selectattr", value, arguments, runtime, keeps: true, byAttribute: true)
        },
        "rejectattr": .init { value, arguments, runtime in
            try select("sync_do_rejectattr", value, arguments, runtime, keeps: false, byAttribute: true)
        },
    ]

    private static let map: Filter = { value, arguments, runtime in
        guard try value.truth() else { return .object(Generator("sync_do_map", [])) }
        if arguments.positional.isEmpty, let attribute = arguments["attribute"] {
            for argument in arguments.named where argument.name != "attribute" && argument.name != "default" {
                throw TemplateError.filterArgument("Unexpected keyword argument \(Value.string(argument.name).pythonRepr)")
            }
            let getter = try AttributeGetter(attribute, runtime, default: arguments["default"])
            return .object(Generator("sync_do_map", try value.iterate().map { try getter.get($0) }))
        }
        guard let first = arguments.positional.first else {
            throw TemplateError.filterArgument("map requires a filter argument")
        }
        let name = try first.text()
        guard let filter = runtime.environment.filters[name] else {
            throw TemplateError.runtime("No filter named \(Value.string(name).pythonRepr).")
        }
        let rest = Arguments(arguments.positional.rest(1), named: arguments.named)
        return .object(Generator("sync_do_map", try value.iterate().map { try filter($0, rest, runtime) }))
    }

    private static func select(
        _ generator: String, _ value: Value, _ arguments: Arguments, _ runtime: Runtime, keeps: Bool,
        byAttribute: Bool = false
    ) throws -> Value {
        guard try value.truth() else { return .object(Generator(generator, [])) }
        let positional = arguments.positional
        var used = 0
        var getter: AttributeGetter?
        if byAttribute {
            guard let attribute = positional.first else {
                throw TemplateError.filterArgument("Missing parameter for attribute name")
            }
            used = 1
            getter = try AttributeGetter(attribute, runtime)
        }
        var test: Test = { value, _, _ in try value.truth() }
        if used < positional.count {
            let name = try positional[used].text()
            used += 1
            guard let named = runtime.environment.tests[name] else {
                throw TemplateError.runtime("No test named \(Value.string(name).pythonRepr).")
            }
            test = named
        }
        let rest = Arguments(positional.rest(used), named: arguments.named)
        return .object(
            Generator(
                generator,
                try value.iterate().kept { item in
                    try test(try getter?.get(item) ?? item, rest, runtime) == keeps
                }))
    }
}

extension [Value] {
    /// The elements that a condition holds for, put into memory that is large enough from the start.
    func kept(where holds: (Value) throws -> Bool) rethrows -> [Value] {
        var kept: [Value] = []
        if isEmpty { return kept }
        kept.reserveCapacity(count)
        for item in self where try holds(item) { kept.append(item) }
        return kept
    }

    /// The elements after the first ones.
    func rest(_ used: Int) -> [Value] { used == 0 ? self : used >= count ? [] : Array(self[used...]) }
}
