/// How many arguments the methods of Python's types take. Nearly all take them by position only.
enum MethodArity {
    /// Fails when a call has too few or too many arguments, or named ones that the method does not have.
    @inline(__always) static func check(_ method: Method, _ value: Value, _ arguments: Arguments) throws {
        let given = arguments.positional.count
        let (least, most) = range(method, value)
        if given < least || given > most || !arguments.named.isEmpty {
            try checkUnusual(method, value, arguments, least, most)
        }
    }

    @inline(never) private static func checkUnusual(
        _ method: Method, _ value: Value, _ arguments: Arguments, _ least: Int, _ most: Int
    ) throws {
        let name = "\(value.typeName).\(method.name)"
        let given = arguments.positional.count
        if !arguments.named.isEmpty, !takesAnyName(method) {
            guard let names = names(method) else { throw TemplateError.type("\(name)() takes no keyword arguments") }
            try (method == .sort ? Arguments(named: arguments.named) : arguments).check(names, of: name)
        }
        if given > most {
            let limit = most == 0 ? "no arguments" : "at most \(most) argument\(most == 1 ? "" : "s")"
            throw TemplateError.type("\(name)() takes \(limit) (\(given) given)")
        }
        if given < least {
            throw TemplateError.type("\(name)() takes at least \(least) argument\(least == 1 ? "" : "s") (\(given) given)")
        }
    }

    private static func takesAnyName(_ method: Method) -> Bool { method == .format || method == .update }

    /// The parameters that can be named, nil where there are none.
    private static func names(_ method: Method) -> [String]? {
        switch method {
        case .split, .rsplit: ["sep", "maxsplit"]
        case .splitlines: ["keepends"]
        case .expandtabs: ["tabsize"]
        case .encode: ["encoding", "errors"]
        case .sort: ["key", "reverse"]
        default: nil
        }
    }

    /// The least and the greatest number of positional arguments.
    private static func range(_ method: Method, _ value: Value) -> (least: Int, most: Int) {
        switch method {
        case .split, .rsplit, .encode: return (0, 2)
        case .strip, .lstrip, .rstrip, .splitlines, .expandtabs: return (0, 1)
        case .replace: return (2, 3)
        case .startswith, .endswith, .find, .rfind, .index, .rindex: return (1, 3)
        case .count: return (1, value.isString ? 3 : 1)
        case .ljust, .rjust, .center, .fromkeys, .get, .setdefault: return (1, 2)
        case .join, .partition, .rpartition, .zfill, .removeprefix, .removesuffix, .formatMap, .append, .extend, .remove, .add,
            .discard, .isdisjoint, .issubset, .issuperset, .symmetricDifference:
            return (1, 1)
        case .insert: return (2, 2)
        case .pop:
            switch value {
            case .list: return (0, 1)
            case .dict: return (1, 2)
            default: return (0, 0)
            }
        case .update: if case .dict = value { return (0, 1) } else { return (0, .max) }
        case .format, .union, .intersection, .difference, .differenceUpdate, .intersectionUpdate: return (0, .max)
        default: return (0, 0)
        }
    }
}
