/// Gets `a.b.0` of a value, as the `attribute` argument of filters names it.
struct AttributeGetter {
    private let parts: [Value]
    private let runtime: Runtime
    private let fallback: Value?

    init(_ attribute: Value?, _ runtime: Runtime, default fallback: Value? = nil) throws {
        self.runtime = runtime
        self.fallback = fallback.flatMap { $0.isNone ? nil : $0 }
        parts = AttributeGetter.parts(attribute ?? .none)
    }

    private init(parts: [Value], _ runtime: Runtime) {
        self.parts = parts
        self.runtime = runtime
        fallback = nil
    }

    /// One getter for each of the attributes that commas separate.
    static func list(_ attribute: Value?, _ runtime: Runtime) throws -> [AttributeGetter] {
        guard let text = attribute?.stringValue else { return [try AttributeGetter(attribute, runtime)] }
        return StringSplitting.split(text, ",", -1).map { AttributeGetter(parts: parts(.string($0)), runtime) }
    }

    private static func parts(_ attribute: Value) -> [Value] {
        if attribute.isNone { return [] }
        guard let text = attribute.stringValue else { return [attribute] }
        return StringSplitting.pieces(text, ".", -1) { part in
            let isNumber = !part.isEmpty && part.utf8.allSatisfy { 48...57 ~= $0 }
            return isNumber ? Int(part).map { .int($0) } ?? .string(part) : .string(part)
        }
    }

    /// The attribute of a value.
    func get(_ value: Value) throws -> Value {
        var item = value
        for part in parts {
            item = try runtime.item(of: item, part)
            if let fallback, item.isUndefined { item = fallback }
        }
        return item
    }
}
