extension Parser {
    /// Parses a name, a literal, or an expression in brackets.
    ///
    /// - Parameter withNamespace: Whether `name.attribute` is read as the target of an assignment.
    func parsePrimary(withNamespace: Bool = false) throws -> Expression {
        let token = token
        let offset = Int(token.start)
        switch token.kind {
        case .name:
            try advance()
            return try parseName(token, withNamespace)
        case .string:
            var text = try string(token)
            try advance()
            while kind == .string {
                text += try string(self.token)
                try advance()
            }
            return literal(.string(text), offset)
        case .integer:
            try advance()
            return try integer(token)
        case .float:
            try advance()
            return literal(.double(Double(digits(token)) ?? .infinity), offset)
        case .leftParenthesis:
            try advance()
            let node = try parseTuple(inParentheses: true)
            try expect(.rightParenthesis)
            return node
        case .leftBracket: return try parseList()
        case .leftBrace: return try parseDict()
        default: throw failed("unexpected \(quoted(describedToken)), expected an expression", at: offset)
        }
    }

    private func parseName(_ token: Token, _ withNamespace: Bool) throws -> Expression {
        let offset = Int(token.start)
        if let value = literal(token) { return literal(value, offset) }
        let name = makeName(token)
        if withNamespace, try skip(.dot) { return Expression(NamespaceTarget(name, try expectAnyName(), arena, offset: offset)) }
        return Expression(name)
    }

    private func literal(_ value: Value, _ offset: Int) -> Expression {
        Expression(LiteralExpression(value, arena, offset: offset))
    }

    /// The value of the names that are literals.
    private func literal(_ token: Token) -> Value? {
        switch token.word {
        case .true, .capitalTrue: .bool(true)
        case .false, .capitalFalse: .bool(false)
        case .none, .capitalNone: Value.none
        default: nil
        }
    }

    private func digits(_ token: Token) -> String { text(token).filter { $0 != "_" } }

    /// The literal of an integer token.
    func integer(_ token: Token) throws -> Expression {
        let offset = Int(token.start)
        if let value = smallInteger(token) { return literal(.int(value), offset) }
        let text = digits(token)
        let (base, body): (UInt32, Substring) =
            switch text.dropFirst().first {
            case "x", "X": (16, text.dropFirst(2))
            case "o", "O": (8, text.dropFirst(2))
            case "b", "B": (2, text.dropFirst(2))
            default: (10, text[...])
            }
        if let value = Int(body, radix: Int(base)) { return literal(.int(value), offset) }
        if base == 10 && body.utf8.count > 4300 {
            throw failed("Exceeds the limit (4300 digits) for integer string conversion", at: offset)
        }
        guard let value = BigInteger(digits: body.utf8, base: base, isNegative: false) else {
            throw failed("invalid number", at: offset)
        }
        return literal(.bigInt(value), offset)
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
        let bytes = source.slice((token.range.lowerBound + 1)..<(token.range.upperBound - 1))
        guard bytes.contains(UInt8(ascii: "\\")) || code.environment.newlineSequence != "\n" else {
            return String(decoding: bytes, as: UTF8.self)
        }
        do {
            return try StringEscapes.decode(Array(bytes)[...], newline: code.environment.newlineSequence)
        } catch {
            throw failed((error as? TemplateError)?.message ?? "\(error)", at: Int(token.start))
        }
    }

    private var isTupleEnd: Bool { kind == .variableEnd || kind == .blockEnd || kind == .rightParenthesis }

    /// Parses expressions separated by commas, which make a tuple; a single one stands for itself.
    func parseTuple(
        inParentheses: Bool = false, withCondition: Bool = true, isTarget: Bool = false, withNamespace: Bool = false
    ) throws -> Expression {
        let start = offset
        let firstName = names.count
        let base = expressions.count
        var isTuple = false
        while true {
            if expressions.count > base { try expect(.comma) }
            if isTupleEnd { break }
            expressions.append(
                try isTarget ? parsePrimary(withNamespace: withNamespace) : parseExpression(withCondition: withCondition))
            guard kind == .comma else { break }
            isTuple = true
        }
        if !isTuple {
            if expressions.count > base { return spanning(expressions.removeLast(), from: firstName) }
            if !inParentheses { throw failed("Expected an expression, got \(quoted(describedToken))") }
        }
        return spanning(
            try grown(SequenceExpression(takeExpressions(from: base), isTuple: true, arena, offset: start)), from: firstName)
    }

    private func parseList() throws -> Expression {
        let start = offset
        try expect(.leftBracket)
        let base = expressions.count
        while kind != .rightBracket {
            if expressions.count > base { try expect(.comma) }
            if kind == .rightBracket { break }
            expressions.append(try parseExpression())
        }
        try expect(.rightBracket)
        return Expression(SequenceExpression(takeExpressions(from: base), isTuple: false, arena, offset: start))
    }

    private func parseDict() throws -> Expression {
        let start = offset
        try expect(.leftBrace)
        let base = expressions.count
        while kind != .rightBrace {
            if expressions.count > base { try expect(.comma) }
            if kind == .rightBrace { break }
            expressions.append(try parseExpression())
            try expect(.colon)
            expressions.append(try parseExpression())
        }
        try expect(.rightBrace)
        return Expression(DictExpression(takeExpressions(from: base), arena, offset: start))
    }

    /// Parses the target of an assignment.
    func parseTarget(withNamespace: Bool = false) throws -> Expression {
        let target = try parseTuple(isTarget: true, withNamespace: withNamespace)
        try checkTarget(target)
        let span = target.head.pointee.names
        if span.isKnown, names[span.range].contains(where: { $0.number == NameTable.Special.loop }) { hasLoopTarget = true }
        return target
    }

    private func checkTarget(_ target: Expression) throws {
        switch target.kind {
        case .name, .namespaceTarget: return
        case .sequence where target.view(SequenceExpression.self).isTuple:
            for item in target.view(SequenceExpression.self).items { try checkTarget(item) }
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
