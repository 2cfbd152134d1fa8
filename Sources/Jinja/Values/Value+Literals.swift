extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A float.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: Value...) { self = .list(List(elements)) }
    /// A dict, in the order of the literal.
    public init(dictionaryLiteral elements: (Value, Value)...) { self = .dict(Dict(elements)) }
}

extension Value {
    /// A new list of the given elements.
    public init(_ elements: [Value]) { self = .list(List(elements)) }

    /// A new list of strings.
    public init(_ elements: [String]) { self = .list(List(elements.map { .string($0) })) }

    /// A new dict with string keys in the given order.
    public init(_ pairs: KeyValuePairs<String, Value>) { self = .dict(Dict(pairs.map { (.string($0), $1) })) }

    /// A new dict with string keys, ordered by key.
    public init(_ dictionary: [String: Value]) {
        self = .dict(Dict(dictionary.sorted { $0.key < $1.key }.map { (.string($0.key), $0.value) }))
    }

    /// A string, or `None` for nil.
    public init(_ string: String?) { self = string.map { .string($0) } ?? .none }
}
