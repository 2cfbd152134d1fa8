/// What a ``TagHandler`` reads a tag with.
public final class TagParser {
    /// The name of the tag.
    public let tag: String
    private let parser: Parser

    init(_ tag: String, _ parser: Parser) {
        self.tag = tag
        self.parser = parser
    }

    /// Whether the closing delimiter comes next.
    public var isAtEnd: Bool { parser.kind == .blockEnd }

    /// Takes a name.
    public func expectName() throws -> String { try parser.expectAnyName().text }

    /// The name that comes next, nil when something else does.
    public var nextName: String? { parser.kind == .name ? parser.text(parser.token) : nil }

    /// Takes the given symbol, such as `,` or `=`.
    public func expect(_ symbol: String) throws {
        guard try skip(symbol) else { throw parser.expected(symbol) }
    }

    /// Takes the given symbol or name if it comes next.
    public func skip(_ symbol: String) throws -> Bool {
        let token = parser.token
        guard token.kind != .string, token.kind != .end, token.kind != .blockEnd, parser.text(token) == symbol else {
            return false
        }
        try parser.advance()
        return true
    }

    /// Parses an expression.
    public func parseExpression() throws -> Expression { try parser.guarding { try parser.parseExpression() } }

    /// Parses an expression that must be made of literals, and gives its value.
    public func parseLiteral() throws -> Value {
        let start = parser.offset
        guard let value = try parseExpression().constant else { throw parser.failed("expected a literal", at: start) }
        return value
    }

    /// Parses parameters in parentheses.
    public func parseSignature() throws -> Signature { try parser.guarding { try parser.parseSignature() } }

    /// Parses everything up to the given end tag, and takes its name.
    public func parseBody(until endTag: String) throws -> Body {
        try parser.guarding { try parser.parseStatements(until: EndTags(endTag), dropsEndTag: true) }
    }

    /// A syntax error at the place that was reached.
    public func failed(_ message: String) -> TemplateError { parser.failed(message) }
}
