/// The arguments of a call: positional ones, then named ones in the order of the call.
public struct Arguments {
    /// The positional arguments.
    public var positional: [Value]
    /// The named arguments in order.
    public var named: [(name: String, value: Value)]

    /// Makes arguments.
    public init(_ positional: [Value] = [], named: [(name: String, value: Value)] = []) {
        self.positional = positional
        self.named = named
    }

    /// How many arguments there are.
    public var count: Int { positional.count + named.count }

    /// The named argument, nil when it was not given.
    public subscript(name: String) -> Value? {
        for argument in named where argument.name == name { return argument.value }
        return nil
    }

    /// The argument at a position or under a name, nil when neither was given.
    public func value(_ index: Int, _ name: String) -> Value? {
        index < positional.count ? positional[index] : self[name]
    }

    /// Takes a named argument out.
    public mutating func removeNamed(_ name: String) -> Value? {
        guard let index = named.firstIndex(where: { $0.name == name }) else { return nil }
        return named.remove(at: index).value
    }
}

extension Arguments {
    /// The argument at a position or under a name.
    /// - Throws: ``TemplateError`` of kind `type` when it is missing.
    public func required(_ index: Int, _ name: String, of function: String) throws -> Value {
        guard let value = value(index, name) else {
            throw TemplateError.type("\(function)() missing 1 required positional argument: '\(name)'")
        }
        return value
    }

    /// The required argument as text.
    /// - Throws: ``TemplateError`` of kind `type` when it is missing or no string.
    public func string(_ index: Int, _ name: String, of function: String) throws -> String {
        let value = try required(index, name, of: function)
        guard let text = value.stringValue else {
            throw TemplateError.type("\(function)() argument '\(name)' must be str, not \(value.typeName)")
        }
        return text
    }

    /// The optional argument as text; nil when it is missing or `None`.
    public func optionalString(_ index: Int, _ name: String, of function: String) throws -> String? {
        guard let value = value(index, name), !value.isNone else { return nil }
        guard let text = value.stringValue else {
            throw TemplateError.type("\(function)() argument '\(name)' must be str, not \(value.typeName)")
        }
        return text
    }

    /// The optional argument as an integer; `fallback` when it is missing.
    public func int(_ index: Int, _ name: String, default fallback: Int, of function: String) throws -> Int {
        guard let value = value(index, name) else { return fallback }
        return try value.index(of: "\(function)() argument '\(name)'")
    }

    /// The optional argument's truth; `fallback` when it is missing.
    public func bool(_ index: Int, _ name: String, default fallback: Bool) throws -> Bool {
        guard let value = value(index, name) else { return fallback }
        return try value.truth()
    }

    /// Fails when there are more positional arguments than `names`, a named one that is not in `names`, or one twice.
    public func check(_ names: String..., of function: String) throws { try check(names, of: function) }

    /// Fails when there are more positional arguments than `names`, a named one that is not in `names`, or one twice.
    public func check(_ names: [String], of function: String) throws {
        if positional.count > names.count {
            throw TemplateError.type(
                "\(function)() takes \(names.count) positional argument\(names.count == 1 ? "" : "s")"
                    + " but \(positional.count) \(positional.count == 1 ? "was" : "were") given")
        }
        for argument in named {
            guard let index = names.firstIndex(of: argument.name) else {
                throw TemplateError.type("\(function)() got an unexpected keyword argument '\(argument.name)'")
            }
            if index < positional.count {
                throw TemplateError.type("\(function)() got multiple values for argument '\(argument.name)'")
            }
        }
    }
}
