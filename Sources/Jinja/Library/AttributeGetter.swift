/// Gets `a.b.0` of a value, as the `attribute` argument of filters names it.
struct AttributeGetter {
    /// The first part, nil for the value itself.
    private let first: Value?
    /// The parts after it, of which there seldom is one.
    private let rest: [Value]
    private let fallback: Value?

    init(_ attribute: Value?, default fallback: Value? = nil) {
        self.fallback = fallback.flatMap { $0.isNone ? nil : $0 }
        (first, rest) = AttributeGetter.parts(attribute ?? .none)
    }

    /// One getter for each of the attributes that commas separate.
    static func list(_ attribute: Value?) -> [AttributeGetter] {
        guard let text = attribute?.stringValue, text.utf8.contains(UInt8(ascii: ",")) else {
            return [AttributeGetter(attribute)]
        }
        return StringSplitting.split(text, ",", -1).map { AttributeGetter(.string($0)) }
    }

    private static func parts(_ attribute: Value) -> (first: Value?, rest: [Value]) {
        if attribute.isNone { return (nil, []) }
        guard let text = attribute.stringValue else { return (attribute, []) }
        guard text.utf8.contains(UInt8(ascii: ".")) else { return (part(text), []) }
        let parts = StringSplitting.pieces(text, ".", -1, part)
        return (parts[0], Array(parts.dropFirst()))
    }

    private static func part(_ text: String) -> Value {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { 48...57 ~= $0 }
        return isNumber ? Int(text).map { .int($0) } ?? .string(text) : .string(text)
    }

    /// Whether it gives the value itself.
    var isIdentity: Bool { first == nil }

    /// The attribute of a value.
    func get(_ value: Value, _ runtime: Runtime) throws -> Value {
        guard let first else { return value }
        var item = try get(first, of: value, runtime)
        for part in rest { item = try get(part, of: item, runtime) }
        return item
    }

    @inline(__always) private func get(_ part: Value, of value: Value, _ runtime: Runtime) throws -> Value {
        guard let fallback else {
            if case .dict(let dict) = value, let item = dict.value(for: part) { return item }
            return try runtime.item(of: value, part)
        }
        let item = try runtime.item(of: value, part)
        return item.isUndefined ? fallback : item
    }
}
