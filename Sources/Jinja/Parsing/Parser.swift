/// Makes a syntax tree of the tokens of a template.
final class Parser {
    let source: TemplateSource
    let environment: Environment
    let tokens: [Token]
    private let failure: (message: String, offset: Int)?
    @exclusivity(unchecked) var index = 0
    /// The macros of the top level so far.
    var macros: [MacroDraft] = []
    /// The tags that are open, innermost last.
    var tagStack: [String] = []
    /// The tags that would end each open body, innermost last.
    var endTagStack: [[String]] = []
    /// How many bodies are open that are not just `if` branches.
    @exclusivity(unchecked) var nesting = 0
    /// How many bodies are open.
    @exclusivity(unchecked) var statementDepth = 0
    /// How deep the expression that is being read is nested.
    @exclusivity(unchecked) var expressionDepth = 0
    /// Whether unknown filters are only an error when they are used, as inside of `if`.
    @exclusivity(unchecked) var isSoft = false
    /// Filters and tests that do not exist.
    @exclusivity(unchecked) var unknown: [(message: String, offset: Int)] = []
    /// Where the body that was read last stands.
    var lastBodyRange = 0..<0
    /// The numbers of names.
    @exclusivity(unchecked) var table = NameTable.standard
    /// All names that are read or set, in the order of the source.
    @exclusivity(unchecked) private(set) var names: [NameExpression] = []
    /// Whether something is called `loop`.
    var hasLoopTarget = false
    /// Whether there is a scoped block.
    var hasScopedBlock = false
    /// The blocks by name.
    var blocks: [String: BlockStatement] = [:]
    /// The bytes that text is taken from.
    private var textBytes: [UInt8]
    /// Whether output here is escaped; nil inside of an `autoescape` tag whose value is no literal.
    var lexicalEscaping: Bool?
    /// Whether literals in the output are escaped: that of the innermost `autoescape` tag whose value is a literal.
    var literalEscaping = false
    let stack = StackGuard()

    /// What operations on literals are tried in while parsing.
    private(set) lazy var foldingRuntime = Runtime(environment: environment)
    private(set) lazy var foldingFrame = Frame.make(FunctionScope(level: 0), context: Context(), source: source)

    /// Whether output here may be escaped.
    var isEscaped: Bool { lexicalEscaping != false }

    init(_ source: TemplateSource, _ environment: Environment) {
        self.source = source
        self.environment = environment
        lexicalEscaping = environment.autoescapes
        literalEscaping = environment.autoescapes
        var lexer = Lexer(source.bytes, environment.lexerRules)
        lexer.run()
        tokens = lexer.tokens
        names.reserveCapacity(tokens.count / 6)
        failure = lexer.failure
        textBytes = source.bytes
    }

    /// Parses everything.
    func parseTemplate() throws -> Body {
        try checkToken()
        let body = try parseBody(endTags: nil)
        if let first = unknown.first { throw located(TemplateError(.assertion, first.message), first.offset) }
        return body
    }

    // MARK: Tokens

    /// The kind of the current token.
    @inline(__always) var kind: TokenKind { tokens[index].kind }

    /// Where the current token begins.
    @inline(__always) var offset: Int { Int(tokens[index].start) }

    /// The kind of the next token.
    var nextKind: TokenKind { index + 1 < tokens.count ? tokens[index + 1].kind : .end }

    /// Goes to the next token.
    func advance() throws {
        if index + 1 < tokens.count { index += 1 }
        try checkToken()
    }

    private func checkToken() throws {
        if kind == .failure, let failure { throw located(TemplateError(.syntax, failure.message), failure.offset) }
    }

    /// The text of a token.
    func text(_ token: Token) -> String { source.text(token.range) }

    /// The text of a name token.
    func name(_ token: Token) -> String {
        let number = number(token)
        return table.names[Int(number)]
    }

    /// The number of a name token.
    func number(_ token: Token) -> Int32 {
        source.bytes.withUnsafeBufferPointer { table.intern(UnsafeBufferPointer(rebasing: $0[token.range])) }
    }

    /// Notes a name that is read or set.
    func makeName(_ token: Token) -> NameExpression {
        let number = number(token)
        let name = NameExpression(table.names[Int(number)], number: number, offset: Int(token.start))
        names.append(name)
        return name
    }

    /// Notes which names an expression has: those since `start`.
    @inline(__always) func spanning<E: Expression>(_ expression: E, from start: Int) -> E {
        expression.nameSpan = NameSpan(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: names.count))
        return expression
    }

    /// The names since `start`.
    func span(from start: Int) -> NameSpan {
        NameSpan(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: names.count))
    }

    /// Whether the current token is the given name.
    func isName(_ word: StaticString) -> Bool { kind == .name && matches(tokens[index], word) }

    /// Whether the next token is the given name.
    func isNextName(_ word: StaticString) -> Bool { nextKind == .name && matches(tokens[index + 1], word) }

    func matches(_ token: Token, _ word: StaticString) -> Bool {
        let range = token.range
        guard range.count == word.utf8CodeUnitCount else { return false }
        let start = word.utf8Start
        for offset in 0..<range.count where source.bytes[range.lowerBound + offset] != start[offset] { return false }
        return true
    }

    /// Skips the given name when it is the current token.
    func skipName(_ word: StaticString) throws -> Bool {
        guard isName(word) else { return false }
        try advance()
        return true
    }

    /// Skips a token of the given kind when it is the current one.
    func skip(_ kind: TokenKind) throws -> Bool {
        guard self.kind == kind else { return false }
        try advance()
        return true
    }

    /// Takes a token of the given kind.
    @discardableResult func expect(_ kind: TokenKind) throws -> Token {
        let token = tokens[index]
        guard token.kind == kind else { throw expected(kind.described) }
        try advance()
        return token
    }

    /// Takes the given name.
    func expectName(_ word: StaticString) throws {
        guard try skipName(word) else { throw expected("\(word)") }
    }

    /// Takes any name.
    func expectAnyName() throws -> String { name(try expect(.name)) }

    // MARK: Errors

    /// The current token in words.
    var describedToken: String { kind == .name ? text(tokens[index]) : kind.described }

    /// The error that something else was expected here.
    func expected(_ what: String) -> TemplateError {
        if kind == .end { return failed("unexpected end of template, expected \(quoted(what)).") }
        return failed("expected token \(quoted(what)), got \(quoted(describedToken))")
    }

    /// A syntax error at the current token or at an offset.
    func failed(_ message: String, at offset: Int? = nil) -> TemplateError {
        located(TemplateError(.syntax, message), offset ?? self.offset)
    }

    func located(_ error: TemplateError, _ offset: Int) -> TemplateError { source.located(error, at: offset) }

    func quoted(_ text: String) -> String { Value.string(text).pythonRepr }

    /// The error for a tag nobody knows, or for the end of the template inside of a body.
    func unexpectedTag(_ name: String?, _ ends: [[String]], at offset: Int) -> TemplateError {
        var message = name.map { ["Encountered unknown tag \(quoted($0))."] } ?? ["Unexpected end of template."]
        if let last = ends.last {
            let looking = last.map { quoted($0) }.joined(separator: " or ")
            if let name, ends.contains(where: { $0.contains(name) }) {
                message.append(
                    "You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for \(looking).")
            } else {
                message.append("Jinja was looking for the following tags: \(looking).")
            }
        }
        if let tag = tagStack.last { message.append("The innermost block that needs to be closed is \(quoted(tag)).") }
        return failed(message.joined(separator: " "), at: offset)
    }

    // MARK: Bodies

    /// Parses up to one of the end tags, whose name is then the current token; up to the end of the template for nil.
    func parseBody(endTags: [String]?) throws -> Body {
        if let endTags { endTagStack.append(endTags) }
        defer { if endTags != nil { endTagStack.removeLast() } }
        statementDepth += 1
        defer { statementDepth -= 1 }
        if statementDepth > 100 || stack.isExhausted { throw failed("the statements are nested too deeply") }
        var body = Body()
        var parts: [OutputStatement.Part] = []
        var partsOffset = 0
        let firstName = names.count
        var partsName = firstName
        func flush() {
            guard !parts.isEmpty else { return }
            let output = OutputStatement(parts, in: textBytes, isEscaped: literalEscaping, offset: partsOffset)
            output.nameSpan = span(from: partsName)
            body.append(output)
            parts = []
        }
        while kind != .end {
            if parts.isEmpty { (partsOffset, partsName) = (offset, names.count) }
            switch kind {
            case .data:
                parts.append(.text(textRange(tokens[index].range)))
                try advance()
            case .variableBegin:
                try advance()
                parts.append(.expression(try parseTuple()))
                try expect(.variableEnd)
            default:
                flush()
                let tagStart = offset
                try advance()
                if let endTags, kind == .name, endTags.contains(text(tokens[index])) {
                    body.nameSpan = span(from: firstName)
                    return body
                }
                let known = macros.count
                body.append(try parseStatement(from: tagStart))
                if macros.count > known, nesting == 0 {
                    macros[macros.count - 1].range = tagStart..<delimiterEnd(tokens[index])
                }
                try expect(.blockEnd)
            }
        }
        flush()
        body.nameSpan = span(from: firstName)
        return body
    }

    /// Where a closing delimiter ends, without the whitespace it removes.
    func delimiterEnd(_ token: Token) -> Int {
        let delimiter = environment.delimiters.blockEnd.utf8.count
        let first = token.range.lowerBound < source.bytes.count ? source.bytes[token.range.lowerBound] : 0
        let hasSign = token.range.count > delimiter && (first == UInt8(ascii: "-") || first == UInt8(ascii: "+"))
        return min(token.range.upperBound, token.range.lowerBound + delimiter + (hasSign ? 1 : 0))
    }

    /// The range of text in ``textBytes``: that of the source, unless line breaks are to become something else.
    private func textRange(_ range: Range<Int>) -> Range<Int> {
        guard environment.newlineSequence != "\n", source.bytes[range].contains(UInt8(ascii: "\n")) else { return range }
        let start = textBytes.count
        for byte in source.bytes[range] {
            if byte == UInt8(ascii: "\n") { textBytes.append(text: environment.newlineSequence) } else { textBytes.append(byte) }
        }
        return start..<textBytes.count
    }

    /// Parses the body of a statement: the rest of the opening tag, then everything up to an end tag.
    ///
    /// - Parameter dropsEndTag: Whether the name of the end tag is taken too.
    func parseStatements(until endTags: [String], soft: Bool = false, dropsEndTag: Bool = false) throws -> Body {
        _ = try skip(.colon)
        let start = delimiterEnd(tokens[index])
        try expect(.blockEnd)
        let wasSoft = isSoft
        isSoft = soft
        nesting += soft ? 0 : 1
        defer {
            isSoft = wasSoft
            nesting -= soft ? 0 : 1
        }
        let body = try parseBody(endTags: endTags)
        if kind == .end { throw unexpectedTag(nil, endTagStack + [endTags], at: offset) }
        lastBodyRange = start..<Int(tokens[index - 1].start)
        if dropsEndTag { try advance() }
        return body
    }
}
