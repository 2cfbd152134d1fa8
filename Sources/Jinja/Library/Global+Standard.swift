extension Global {
    /// The globals of Jinja 3.1.
    static let standard: [String: Global] = [
        "range": .function("range") { arguments, runtime in
            let numbers = try arguments.positional.map { try $0.index() }
            let limit = runtime.environment.limits.rangeLength
            switch numbers.count {
            case 1: return .object(try RangeObject(0, numbers[0], 1, limit: limit))
            case 2: return .object(try RangeObject(numbers[0], numbers[1], 1, limit: limit))
            case 3: return .object(try RangeObject(numbers[0], numbers[1], numbers[2], limit: limit))
            default: throw TemplateError.type("range expected at least 1 argument, got \(numbers.count)")
            }
        },
        "dict": .function("dict") { arguments, runtime in
            let dict = Dict()
            try DictMethods.update(dict, arguments, runtime)
            return .dict(dict)
        },
        "namespace": .function("namespace") { arguments, runtime in
            let dict = Dict()
            try DictMethods.update(dict, arguments, runtime)
            return .object(Namespace(try dict.pairs.map { (try $0.key.text(), $0.value) }))
        },
        "cycler": .function("cycler") { arguments, _ in
            guard !arguments.positional.isEmpty else { throw TemplateError.runtime("at least one item has to be provided") }
            return .object(Cycler(arguments.positional))
        },
        "joiner": .function("joiner") { arguments, _ in
            try arguments.check("sep", of: "joiner")
            return .object(Joiner(arguments.value(0, "sep") ?? ", "))
        },
        "lipsum": .function("lipsum") { arguments, runtime in
            let isHTML = try arguments.bool(1, "html", default: true)
            let paragraph = "Lorem ipsum dolor sit amet consectetuer adipiscing elit."
            let count = min(try arguments.int(0, "n", default: 5, of: "lipsum"), 1000)
            let lines = (0..<max(0, count)).map { _ in isHTML ? "<p>\(paragraph)</p>" : paragraph }
            let text = lines.joined(separator: isHTML ? "\n" : "\n\n")
            return isHTML ? .markup(text) : .string(text)
        },
    ]
}
