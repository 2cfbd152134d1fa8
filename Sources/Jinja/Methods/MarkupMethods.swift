/// The methods of safe text: those of strings, with arguments escaped and results safe.
enum MarkupMethods {
    static func call(_ method: Method, _ text: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        switch method {
        case .striptags: return .string(Markup.stripTags(text))
        case .unescape: return .string(Markup.unescape(text))
        case .join:
            let parts = try arguments.required(0, "iterable", of: "join").iterate()
            return .markup(try parts.map { try Escaping.escaped($0) }.joined(separator: text))
        case .format: return .markup(try StringFormat.format(text, arguments, runtime, escaping: true))
        case .replace:
            var escaped = arguments
            if escaped.positional.count > 1, escaped.positional[1].isString {
                escaped.positional[1] = .string(try Escaping.escaped(escaped.positional[1]))
            }
            return try safe(StringMethods.call(method, text, escaped, runtime))
        default: return try safe(StringMethods.call(method, text, arguments, runtime))
        }
    }

    private static func safe(_ value: Value?) -> Value? {
        switch value {
        case .string(let text): .markup(text)
        case .list(let list): .list(List(list.items.compactMap { safe($0) }))
        case .tuple(let tuple): .tuple(Tuple(tuple.items.compactMap { safe($0) }))
        default: value
        }
    }
}
