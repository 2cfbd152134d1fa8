extension Template {
    /// The first call of a name as it stands in the source, with its arguments.
    package func textOfFirstCall(of name: String) -> String? {
        guard let call = firstCall(of: name), let range = Self.range(ofCallAt: call.offset, in: code.source) else { return nil }
        return code.source.text(range)
    }

    /// The named arguments of the first call of a name: texts as they are, anything else as an expression in one layout.
    ///
    /// Parse for this with ``Environment/foldsLiterals`` off; else operations on literals are gone.
    package func namedArgumentsOfFirstCall(of name: String) -> [(name: String, text: String)]? {
        guard let call = firstCall(of: name) else { return nil }
        let writer = ExpressionText(source: code.source)
        return call.arguments.named.map { name, value in
            if let text = value.cast(LiteralExpression.self)?.value.stringValue { return (name, text) }
            return (name, writer.text(value))
        }
    }

    private func firstCall(of name: String) -> CallExpression? {
        var found: CallExpression?
        for statement in code.body.list {
            statement.node.walk { node in
                if found == nil, let call = node.cast(CallExpression.self), call.callee.name?.name == name { found = call }
                return found == nil
            }
            if found != nil { break }
        }
        return found
    }

    /// From the name to the parenthesis that closes its arguments.
    private static func range(ofCallAt start: Int, in source: TemplateSource) -> Range<Int>? {
        var depth = 0
        var quote: UInt8?
        var index = start
        while index < source.bytes.count {
            let byte = source.bytes[index]
            if let open = quote {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == open { quote = nil }
            } else {
                switch byte {
                case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"):
                    depth -= 1
                    if depth == 0 { return start..<(index + 1) }
                default: break
                }
            }
            index += 1
        }
        return nil
    }
}
