/// Joins native output as Jinja's native environment does.
enum NativeText {
    /// The only part as it is, unless it is text; else the joined text, or the value of the literal that it is.
    static func concatenate(_ parts: [Value]) throws -> Value {
        guard let first = parts.first else { return .none }
        if parts.count == 1, !first.isString { return first }
        let text = try parts.map { try $0.text() }.joined()
        return PythonLiteral.parse(text) ?? .string(text)
    }
}
