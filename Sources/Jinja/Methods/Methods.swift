/// Which built-in type has which methods, and their calls.
enum Methods {
    static let dict: MethodSet = [
        .clear, .copy, .fromkeys, .get, .items, .keys, .pop, .popitem, .setdefault, .update, .values,
    ]
    static let list: MethodSet = [
        .append, .clear, .copy, .count, .extend, .index, .insert, .pop, .remove, .reverse, .sort,
    ]
    static let tuple: MethodSet = [.count, .index]
    static let set: MethodSet = [
        .add, .clear, .copy, .difference, .differenceUpdate, .discard, .intersection, .intersectionUpdate, .isdisjoint,
        .issubset, .issuperset, .pop, .remove, .symmetricDifference, .union, .update,
    ]
    static let string: MethodSet = [
        .capitalize, .casefold, .center, .count, .encode, .endswith, .expandtabs, .find, .format, .formatMap, .index, .isalnum,
        .isalpha, .isascii, .isdecimal, .isdigit, .isidentifier, .islower, .isnumeric, .isprintable, .isspace, .istitle,
        .isupper, .join, .ljust, .lower, .lstrip, .partition, .removeprefix, .removesuffix, .replace, .rfind, .rindex, .rjust,
        .rpartition, .rsplit, .rstrip, .split, .splitlines, .startswith, .strip, .swapcase, .title, .upper, .zfill,
    ]

    /// Whether the value's type has the method.
    static func supports(_ method: Method, _ value: Value) -> Bool {
        switch value {
        case .dict: dict.contains(method)
        case .list: list.contains(method)
        case .tuple: tuple.contains(method)
        case .set: set.contains(method)
        case .string: string.contains(method)
        case .markup: string.contains(method) || method == .striptags || method == .unescape
        case .int, .bool, .bigInt: method == .bitLength || method == .bitCount || method == .conjugate
        case .double: method == .isInteger || method == .conjugate
        default: false
        }
    }

    /// Calls a method; nil when the value's type does not have it.
    static func call(_ method: Method, _ value: Value, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        guard supports(method, value) else { return nil }
        try MethodArity.check(method, value, arguments)
        switch value {
        case .string(let text): return try StringMethods.call(method, text, arguments, runtime)
        case .list(let list): return try ListMethods.call(method, list, arguments, runtime)
        case .dict(let dict): return try DictMethods.call(method, dict, arguments, runtime)
        case .tuple(let tuple): return try TupleMethods.call(method, tuple.items, arguments)
        case .set(let set): return try SetMethods.call(method, set, arguments)
        case .markup(let text): return try MarkupMethods.call(method, text, arguments, runtime)
        case .int, .bool, .bigInt, .double: return NumberMethods.call(method, value)
        default: return nil
        }
    }
}
