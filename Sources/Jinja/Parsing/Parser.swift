/// Makes a syntax tree of the tokens of a template.
final class Parser {
    let source: TemplateSource
    let code: TemplateCode
    /// The memory of the tree.
    let arena: Arena
    private let tokens: UnsafeMutablePointer<Token>
    private let tokenCount: Int
    private let failure: (message: String, offset: Int)?
    @exclusivity(unchecked) private var index = 0
    /// The macros of the top level so far.
    @exclusivity(unchecked) var macros: [MacroDraft] = []
    /// The names of the tags that are open, innermost last.
    @exclusivity(unchecked) var tagStack: [Token] = []
    /// The tags that would end each open body, innermost last.
    @exclusivity(unchecked) var endTagStack: [EndTags] = []
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
    @exclusivity(unchecked) var lastBodyRange = 0..<0
    /// The numbers of names.
    @exclusivity(unchecked) var table: NameTable
    /// All names that are read or set, in the order of the source.
    @exclusivity(unchecked) private(set) var names: [NameExpression] = []
    /// Expressions, statements and parts that wait to be put into a list; each reader takes those above where it began.
    @exclusivity(unchecked) var expressions: [Expression] = []
    @exclusivity(unchecked) var statements: [Statement] = []
    @exclusivity(unchecked) var pieces: [OutputStatement.Piece] = []
    /// The steps of the loop body that was read last.
    @exclusivity(unchecked) var steps: [LoopProgram.Step] = []
    /// How often `loop` is used or handed on, and how often only for an attribute that needs no elements before.
    @exclusivity(unchecked) var loopUses = 0
    @exclusivity(unchecked) var plainLoopUses = 0
    /// Whether something is called `loop`.
    @exclusivity(unchecked) var hasLoopTarget = false
    /// Whether there is a scoped block.
    var hasScopedBlock = false
    /// The names of the blocks.
    var blocks: Set<String> = []
    /// Whether output here is escaped; nil inside of an `autoescape` tag whose value is no literal.
    @exclusivity(unchecked) var lexicalEscaping: Bool?
    /// Whether literals in the output are escaped: that of the innermost `autoescape` tag whose value is a literal.
    @exclusivity(unchecked) var literalEscaping = false
    let stack = StackGuard()

    /// What operations on literals are tried in while parsing.
    private(set) lazy var foldingRuntime = Runtime(environment: code.environment)
    private(set) lazy var foldingFrame = Frame.make(FunctionScope.none, context: Context(), code: code)

    /// Whether output here may be escaped.
    var isEscaped: Bool { lexicalEscaping != false }

    init(_ code: TemplateCode) {
        self.code = code
        source = code.source
        arena = code.arena
        lexicalEscaping = code.environment.autoescapes
        literalEscaping = code.environment.autoescapes
        table = NameTable(arena)
        var lexer = Lexer(source.bytes, code.environment.lexerRules)
        (tokens, tokenCount) = lexer.run()
        failure = lexer.failure
        names.reserveCapacity(tokenCount / 4)
        // Nearly all templates need about as much; growing to it step by step would cost more.
        expressions.reserveCapacity(16)
        statements.reserveCapacity(16)
        pieces.reserveCapacity(16)
        tagStack.reserveCapacity(8)
        endTagStack.reserveCapacity(8)
    }

    deinit { tokens.deallocate() }

    /// Parses everything.
    func parseTemplate() throws -> Body {
        try checkToken()
        let body = try parseBody(endTags: nil)
        if let first = unknown.first { throw located(TemplateError(.assertion, first.message), first.offset) }
        return body
    }

    // MARK: Tokens

    /// The current token.
    @inline(__always) var token: Token { tokens[index] }

    /// The token before the current one.
    var previousToken: Token { tokens[max(0, index - 1)] }

    /// The kind of the current token.
    @inline(__always) var kind: TokenKind { tokens[index].kind }

    /// What the current token means, if it is a name.
    @inline(__always) var word: Keyword { tokens[index].word }

    /// Where the current token begins.
    @inline(__always) var offset: Int { Int(tokens[index].start) }

    /// The next token.
    private var nextToken: Token { tokens[min(index + 1, tokenCount - 1)] }

    /// The kind of the next token.
    var nextKind: TokenKind { index + 1 < tokenCount ? nextToken.kind : .end }

    /// Goes to the next token.
    @inline(__always) func advance() throws {
        if index + 1 < tokenCount { index += 1 }
        if kind == .failure { try checkToken() }
    }

    private func checkToken() throws {
        if kind == .failure, let failure { throw located(TemplateError(.syntax, failure.message), failure.offset) }
    }

    /// The text of a token.
    func text(_ token: Token) -> String { source.text(token.range) }

    /// The name of a name token.
    func name(_ token: Token) -> Name { table.intern(source.slice(token.range)) }

    /// Notes a name that is read or set.
    func makeName(_ token: Token) -> NameExpression {
        let name = NameExpression(name(token), arena, offset: Int(token.start))
        if name.number == NameTable.Special.loop { loopUses += 1 }
        names.append(name)
        return name
    }

    /// Notes which names an expression has: those since `start`.
    @inline(__always) func spanning(_ expression: Expression, from start: Int) -> Expression {
        expression.head.pointee.names = span(from: start)
        return expression
    }

    /// The names since `start`.
    @inline(__always) func span(from start: Int) -> NameSpan {
        NameSpan(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: names.count))
    }

    /// Whether the current token is the given name.
    @inline(__always) func isName(_ word: Keyword) -> Bool { self.word == word }

    /// Whether the next token is the given name.
    func isNextName(_ word: Keyword) -> Bool { nextToken.word == word }

    /// Skips the given name when it is the current token.
    @inline(__always) func skipName(_ word: Keyword) throws -> Bool {
        guard isName(word) else { return false }
        try advance()
        return true
    }

    /// Skips a token of the given kind when it is the current one.
    @inline(__always) func skip(_ kind: TokenKind) throws -> Bool {
        guard self.kind == kind else { return false }
        try advance()
        return true
    }

    /// Takes a token of the given kind.
    @discardableResult @inline(__always) func expect(_ kind: TokenKind) throws -> Token {
        let token = token
        guard token.kind == kind else { throw expected(kind.described) }
        try advance()
        return token
    }

    /// Takes the given name.
    func expectName(_ word: Keyword) throws {
        guard try skipName(word) else { throw expected(word.text) }
    }

    /// Takes any name.
    func expectAnyName() throws -> Name { name(try expect(.name)) }

    /// Runs `body` and, when it fails, forgets what it has read, for callers who go on after an error.
    func guarding<R>(_ body: () throws -> R) throws -> R {
        let counts = (expressions.count, statements.count, pieces.count)
        do { return try body() } catch {
            expressions.removeLast(expressions.count - counts.0)
            statements.removeLast(statements.count - counts.1)
            pieces.removeLast(pieces.count - counts.2)
            throw error
        }
    }

    // MARK: Errors

    /// The current token in words.
    var describedToken: String { kind == .name ? text(token) : kind.described }

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
    func unexpectedTag(_ name: String?, _ ends: [EndTags], at offset: Int) -> TemplateError {
        var message = name.map { ["Encountered unknown tag \(quoted($0))."] } ?? ["Unexpected end of template."]
        if let last = ends.last {
            let looking = last.names.map { quoted($0) }.joined(separator: " or ")
            if let name, ends.contains(where: { $0.names.contains(name) }) {
                message.append(
                    "You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for \(looking).")
            } else {
                message.append("Jinja was looking for the following tags: \(looking).")
            }
        }
        if let tag = tagStack.last { message.append("The innermost block that needs to be closed is \(quoted(text(tag))).") }
        return failed(message.joined(separator: " "), at: offset)
    }

    // MARK: Bodies

    /// Parses up to one of the end tags, whose name is then the current token; up to the end of the template for nil.
    func parseBody(endTags: EndTags?) throws -> Body {
        if let endTags { endTagStack.append(endTags) }
        defer { if endTags != nil { endTagStack.removeLast() } }
        statementDepth += 1
        defer { statementDepth -= 1 }
        if statementDepth > 100 || stack.isExhausted { throw failed("the statements are nested too deeply") }
        let (firstStatement, firstPiece, firstName) = (statements.count, pieces.count, names.count)
        var partsOffset = 0
        var partsName = firstName
        while kind != .end {
            if pieces.count == firstPiece { (partsOffset, partsName) = (offset, names.count) }
            switch kind {
            case .data:
                pieces.append(textPiece(token.range))
                try advance()
            case .variableBegin:
                try advance()
                appendExpression(output(try parseTuple()), above: firstPiece)
                try expect(.variableEnd)
            default:
                flush(firstPiece, partsOffset, partsName)
                let tagStart = offset
                try advance()
                if let endTags, kind == .name, endTags.contains(token, in: source) {
                    return makeBody(firstStatement, firstName)
                }
                let known = macros.count
                try parseStatement()
                if macros.count > known, nesting == 0 {
                    macros[macros.count - 1].range = tagStart..<delimiterEnd(token)
                }
                try expect(.blockEnd)
            }
        }
        flush(firstPiece, partsOffset, partsName)
        return makeBody(firstStatement, firstName)
    }

    /// Adds an expression to the text before it, or as a part of its own.
    private func appendExpression(_ expression: Expression, above first: Int) {
        if pieces.count > first, pieces[pieces.count - 1].expression == nil {
            pieces[pieces.count - 1].expression = expression
        } else {
            pieces.append(.init(text: UnsafePointer(bitPattern: 1).unsafelyUnwrapped, length: 0, expression: expression))
        }
    }

    /// Makes a statement of the parts since `first`.
    private func flush(_ first: Int, _ offset: Int, _ firstName: Int) {
        guard pieces.count > first else { return }
        let output = OutputStatement(arena.list(pieces, from: first), isEscaped: literalEscaping, arena, offset: offset)
        output.head.pointee.names = span(from: firstName)
        statements.append(Statement(output))
        pieces.removeLast(pieces.count - first)
    }

    /// Makes a body of the statements since `first`.
    private func makeBody(_ first: Int, _ firstName: Int) -> Body {
        var setsNames = false
        for index in first..<statements.count where statements[index].setsNames { setsNames = true }
        defer { statements.removeLast(statements.count - first) }
        return Body(arena.list(statements, from: first), setsNames: setsNames, names: span(from: firstName))
    }

    /// Where a closing delimiter ends, without the whitespace it removes.
    func delimiterEnd(_ token: Token) -> Int {
        let delimiter = code.environment.delimiters.blockEnd.utf8.count
        let first = token.range.lowerBound < source.bytes.count ? source.bytes[token.range.lowerBound] : 0
        let hasSign = token.range.count > delimiter && (first == UInt8(ascii: "-") || first == UInt8(ascii: "+"))
        return min(token.range.upperBound, token.range.lowerBound + delimiter + (hasSign ? 1 : 0))
    }

    /// A piece of text, with line breaks as the environment wants them.
    private func textPiece(_ range: Range<Int>) -> OutputStatement.Piece {
        let slice = source.slice(range)
        let start = slice.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        guard code.environment.newlineSequence != "\n", slice.contains(UInt8(ascii: "\n")) else {
            return .init(text: start, length: slice.count)
        }
        var text: [UInt8] = []
        for byte in slice {
            if byte == UInt8(ascii: "\n") { text.append(text: code.environment.newlineSequence) } else { text.append(byte) }
        }
        return .init(text: arena.keep(bytes: text), length: text.count)
    }

    /// Parses the body of a statement: the rest of the opening tag, then everything up to an end tag.
    ///
    /// - Parameter dropsEndTag: Whether the name of the end tag is taken too.
    func parseStatements(until endTags: EndTags, soft: Bool = false, dropsEndTag: Bool = false) throws -> Body {
        _ = try skip(.colon)
        let start = delimiterEnd(token)
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
        lastBodyRange = start..<Int(previousToken.start)
        if dropsEndTag { try advance() }
        return body
    }
}
