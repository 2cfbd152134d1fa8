extension Parser {
    /// Parses a name, a literal, or an expression in brackets.
    ///
    /// - Parameter withNamespace: Whether `name.attribute` is read as the target of an assignment.
    func parsePrimary(withNamespace: Bool = false) throws -> Expression {
        let token = tokens[index]
        let offset = Int(token.start)
        switch token.kind {
        case .name:
            try advance()
            return try parseName(token, withNamespace)
        case .string:
            var text = try string(token)
            try advance()
            while kind == .string {
                text += try string(tokens[index])
                try advance()
            }
            return LiteralExpression(.string(text), offset: offset)
        case .integer:
            try advance()
            return try integer(token)
        case .float:
            try advance()
            return LiteralExpression(.double(Double(digits(token)) ?? .infinity), offset: offset)
        case .leftParenthesis:
            try advance()
            let node = try parseTuple(inParentheses: true)
            try expect(.rightParenthesis)
            return node
        case .leftBracket: return try parseList()
        case .leftBrace: return try parseDict()
        default: throw failed("unexpected \(quoted(describedToken))", at: offset)
        }
    }

    private func parseName(_ token: Token, _ withNamespace: Bool) throws -> Expression {
        let offset = Int(token.start)
        if let literal = literal(token) { return LiteralExpression(literal, offset: offset) }
        let name = makeName(token)
        if withNamespace, try skip(.dot) { return NamespaceTarget(name, try expectAnyName(), offset: offset) }
        return name
    }

    /// The value of the names that are literals.
    private func literal(_ token: Token) -> Value? {
        switch source.bytes[token.range.lowerBound] | 0x20 {
        case UInt8(ascii: "t"): matches(token, "true") || matches(token, "True") ? .bool(true) : nil
        case UInt8(ascii: "f"): matches(token, "false") || matches(token, "False") ? .bool(false) : nil
        case UInt8(ascii: "n"): matches(token, "none") || matches(token, "None") ? Value.none : nil
        default: nil
        }
    }

    private func digits(_ token: Token) -> String { text(token).filter { $0 != "_" } }

    /// The literal of an integer token.
    func integer(_ token: Token) throws -> Expression {
        let offset = Int(token.start)
        if let value = smallInteger(token) { return LiteralExpression(.int(value), offset: offset) }
        let text = digits(token)
        let (base, body): (UInt32, Substring) =
            switch text.dropFirst().first {
            case "x", "X": (16, text.dropFirst(2))
            case "o", "O": (8, text.dropFirst(2))
            case "b", "B": (2, text.dropFirst(2))
            default: (10, text[...])
            }
        if let value = Int(body, radix: Int(base)) { return LiteralExpression(.int(value), offset: offset) }
        if base == 10 && body.utf8.count > 4300 {
            throw failed("Exceeds the limit (4300 digits) for integer string conversion", at: offset)
        }
        guard let value = BigInteger(digits: body.utf8, base: base, isNegative: false) else {
            throw failed("invalid number", at: offset)
        }
        return LiteralExpression(.bigInt(value), offset: offset)
    }

    /// The value of up to 18 plain decimal digits.
    private func smallInteger(_ token: Token) -> Int? {
        guard token.range.count <= 18 else { return nil }
        var value = 0
        for index in token.range {
            let digit = source.bytes[index] &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }

    private func string(_ token: Token) throws -> String {
        let range = (token.range.lowerBound + 1)..<(token.range.upperBound - 1)
        guard source.bytes[range].contains(UInt8(ascii: "\\")) || environment.newlineSequence != "\n" else {
            return source.text(range)
        }
        do {
            return try StringEscapes.decode(source.bytes[range], newline: environment.newlineSequence)
        } catch {
            throw failed((error as? TemplateError)?.message ?? "\(error)", at: Int(token.start))
        }
    }

    private var isTupleEnd: Bool { kind == .variableEnd || kind == .blockEnd || kind == .rightParenthesis }

    /// Parses expressions separated by commas, which make a tuple; a single one stands for itself.
    func parseTuple(
        inParentheses: Bool = false, withCondition: Bool = true, isTarget: Bool = false, withNamespace: Bool = false,
        until end: StaticString? = nil
    ) throws -> Expression {
        let start = offset
        let firstName = names.count
        var items: [Expression] = []
        var isTuple = false
        while true {
            if !items.isEmpty { try expect(.comma) }
            if isTupleEnd { break }
            if let end, isName(end) { break }
            items.append(
                try isTarget ? parsePrimary(withNamespace: withNamespace) : parseExpression(withCondition: withCondition))
            guard kind == .comma else { break }
            isTuple = true
        }
        if !isTuple {
            if let only = items.first { return spanning(only, from: firstName) }
            if !inParentheses { throw failed("Expected an expression, got \(quoted(describedToken))") }
        }
        let node = SequenceExpression(items, isTuple: true, offset: start)
        node.height = (items.map(\.height).max() ?? 0) + 1
        if node.height > 250 { throw failed("the expression is nested too deeply", at: start) }
        return spanning(node, from: firstName)
    }

    private func parseList() throws -> Expression {
        let start = offset
        try expect(.leftBracket)
        var items: [Expression] = []
        while kind != .rightBracket {
            if !items.isEmpty { try expect(.comma) }
            if kind == .rightBracket { break }
            items.append(try parseExpression())
        }
        try expect(.rightBracket)
        let node = SequenceExpression(items, isTuple: false, offset: start)
        node.height = (items.map(\.height).max() ?? 0) + 1
        return node
    }

    private func parseDict() throws -> Expression {
        let start = offset
        try expect(.leftBrace)
        var pairs: [(key: Expression, value: Expression)] = []
        while kind != .rightBrace {
            if !pairs.isEmpty { try expect(.comma) }
            if kind == .rightBrace { break }
            let key = try parseExpression()
            try expect(.colon)
            pairs.append((key, try parseExpression()))
        }
        try expect(.rightBrace)
        let node = DictExpression(pairs, offset: start)
        node.height = (pairs.map { max($0.key.height, $0.value.height) }.max() ?? 0) + 1
        return node
    }

    /// Parses the target of an assignment.
    func parseTarget(withNamespace: Bool = false, until end: StaticString? = nil) throws -> Expression {
        let target = try parseTuple(isTarget: true, withNamespace: withNamespace, until: end)
        try checkTarget(target)
        if let span = target.nameSpan, names[span.range].contains(where: { $0.number == NameTable.Special.loop }) {
            hasLoopTarget = true
        }
        return target
    }

    private func checkTarget(_ target: Expression) throws {
        switch target {
        case is NameExpression, is NamespaceTarget: return
        case let sequence as SequenceExpression where sequence.isTuple: for item in sequence.items { try checkTarget(item) }
        default: throw failed("can't assign to \(quoted(target.targetDescription))", at: target.offset)
        }
    }

    /// Parses a name that is assigned to.
    func parseTargetName() throws -> Token {
        let token = try expect(.name)
        if literal(token) != nil { throw failed("can't assign to 'name'", at: Int(token.start)) }
        return token
    }
}
