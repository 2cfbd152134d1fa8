extension Parser {
    /// Parses the statement whose name is the current token, up to its closing delimiter.
    func parseStatement() throws {
        guard kind == .name else { throw failed("tag name expected, got \(quoted(describedToken))") }
        let tag = token
        tagStack.append(tag)
        defer { tagStack.removeLast() }
        let start = offset
        let head: UnsafeMutablePointer<NodeHead>
        switch tag.word {
        case .for: head = try parseFor(start).head
        case .if: head = try parseIf(start).head
        case .set: head = try parseSet(start).head
        case .macro: head = try parseMacro(start).head
        case .do where code.environment.enablesExtensions: head = try parseDo(start).head
        case .block: head = try parseBlock(start).head
        case .print: head = try parsePrint(start).head
        case .include: head = try parseInclude(start).head
        case .from: head = try parseFrom(start).head
        case .import: head = try parseImport(start).head
        case .with: head = try parseWith(start).head
        case .call: head = try parseCallBlock(start).head
        case .filter:
            try advance()
            let filter = try parseBlockFilter()
            let body = try parseStatements(until: .filter, dropsEndTag: true)
            head = FilterBlockStatement(filter, body, arena, offset: start).head
        case .autoescape: head = try parseAutoescape(start).head
        case .extends:
            try advance()
            if nesting > 0 { throw located(TemplateError(.assertion, "cannot use extend from a non top-level scope"), start) }
            head = ExtendsStatement(try parseExpression(), arena, offset: start).head
        case .break where code.environment.enablesExtensions, .continue where code.environment.enablesExtensions:
            try advance()
            // A macro or a block of a call is a function of its own.
            let owner = tagStack.last { [.for, .macro, .call].contains($0.word) }
            if owner?.word != .for { throw failed("'\(text(tag))' outside loop", at: start) }
            head = JumpStatement(tag.word == .break ? .breakLoop : .continueLoop, arena, offset: start).head
        default: return try parseOther(tag, start)
        }
        statements.append(Statement(head: head))
    }

    private func parseOther(_ token: Token, _ start: Int) throws {
        let tag = text(token)
        if let handler = code.environment.tags[tag] { return try parseHostTag(tag, handler, start) }
        tagStack.removeLast()
        defer { tagStack.append(token) }
        throw unexpectedTag(tag, endTagStack, at: start)
    }

    private func parseAutoescape(_ start: Int) throws -> AutoescapeStatement {
        try advance()
        let value = try parseExpression()
        let outer = (lexicalEscaping, literalEscaping)
        if let isEscaped = settled(value)?.isTruthy {
            // Inside of a tag that only rendering decides, all output waits for rendering.
            literalEscaping = isEscaped
            if lexicalEscaping != nil { lexicalEscaping = isEscaped }
        } else {
            lexicalEscaping = nil
        }
        defer { (lexicalEscaping, literalEscaping) = outer }
        return AutoescapeStatement(
            value, try parseStatements(until: .autoescape, dropsEndTag: true), arena, offset: start)
    }

    private func parseDo(_ start: Int) throws -> DoStatement {
        try advance()
        let firstName = names.count
        let statement = DoStatement(try parseTuple(), arena, offset: start)
        statement.head.pointee.names = span(from: firstName)
        return statement
    }

    private func parseFor(_ start: Int) throws -> ForStatement {
        try advance()
        let target = try parseTarget()
        try expectName(.in)
        let iterable = try parseTuple(withCondition: false)
        let condition = try skipName(.if) ? try parseExpression() : nil
        let isRecursive = try skipName(.recursive)
        let (uses, plainUses) = (loopUses, plainLoopUses)
        var body = try parseStatements(until: .loop)
        body.program = LoopProgram(body, arena, &steps)
        let tracksItems = loopUses - uses != plainLoopUses - plainUses
        var otherwise = Body()
        if try skipName(.else) {
            otherwise = try parseStatements(until: .loopElse, dropsEndTag: true)
        } else {
            try advance()
        }
        return ForStatement(
            target, in: iterable, if: condition, body, otherwise: otherwise, isRecursive: isRecursive,
            tracksItems: tracksItems, arena, offset: start)
    }

    private func parseIf(_ start: Int) throws -> IfStatement {
        var branches: [IfStatement.Branch] = []
        var otherwise = Body()
        let wasSoft = isSoft
        while true {
            try advance()
            isSoft = true
            let condition = try parseTuple(withCondition: false)
            isSoft = wasSoft
            branches.append(.init(condition: condition, body: try parseStatements(until: .branch, soft: true)))
            if isName(.elif) { continue }
            if try skipName(.else) {
                otherwise = try parseStatements(until: .branchElse, soft: true, dropsEndTag: true)
            } else {
                try advance()
            }
            return IfStatement(branches, otherwise: otherwise, arena, offset: start)
        }
    }

    private func parsePrint(_ start: Int) throws -> OutputStatement {
        try advance()
        let nothing = UnsafePointer<UInt8>(bitPattern: 1).unsafelyUnwrapped
        var parts: [OutputStatement.Piece] = []
        while kind != .blockEnd {
            if !parts.isEmpty { try expect(.comma) }
            parts.append(.init(text: nothing, length: 0, expression: output(try parseExpression())))
        }
        return OutputStatement(arena.list(parts), isEscaped: literalEscaping, arena, offset: start)
    }

    private func parseSet(_ start: Int) throws -> Statement {
        try advance()
        let target = try parseTarget(withNamespace: true)
        if try skip(.assign) { return Statement(SetStatement(target, try parseTuple(), arena, offset: start)) }
        let filter = try skip(.pipe) ? try parseBlockFilter() : nil
        let body = try parseStatements(until: .set, dropsEndTag: true)
        return Statement(SetBlockStatement(target, filter: filter, body, arena, offset: start))
    }

    private func parseWith(_ start: Int) throws -> WithStatement {
        try advance()
        var targets: [Expression] = []
        var values: [Expression] = []
        while kind != .blockEnd && kind != .end {
            if !targets.isEmpty { try expect(.comma) }
            targets.append(try parseTarget())
            try expect(.assign)
            values.append(try parseExpression())
        }
        return WithStatement(targets, values, try parseStatements(until: .with, dropsEndTag: true), arena, offset: start)
    }

    // MARK: Macros

    /// Parses the parameters of a macro with their parentheses.
    func parseSignature() throws -> Signature {
        try expect(.leftParenthesis)
        var parameters: [MacroCode.Parameter] = []
        var ranges: [Range<Int>?] = []
        while kind != .rightParenthesis {
            if !parameters.isEmpty { try expect(.comma) }
            let token = try parseTargetName()
            let name = name(token)
            if parameters.contains(where: { $0.name.number == name.number }) {
                throw failed("duplicate argument \(quoted(name.text)) in function definition", at: Int(token.start))
            }
            var value: Expression?
            var range: Range<Int>?
            if try skip(.assign) {
                let start = self.offset
                value = try parseExpression()
                range = start..<Int(previousToken.end)
            } else if ranges.contains(where: { $0 != nil }) {
                throw failed("non-default argument follows default argument")
            }
            parameters.append(MacroCode.Parameter(name: name, defaultValue: value, offset: Int(token.start)))
            ranges.append(range)
        }
        try expect(.rightParenthesis)
        return Signature(parameters: parameters, defaults: ranges)
    }

    private func parseMacro(_ start: Int) throws -> MacroStatement {
        try advance()
        let token = try parseTargetName()
        let name = name(token)
        let signature = try parseSignature()
        let body = try parseStatements(until: .macro, dropsEndTag: true)
        let code = MacroCode(name, arena.list(signature.parameters), body, isEscaped: lexicalEscaping, arena)
        register(
            MacroDraft(
                name: name.text, tag: "macro", code: code, metadata: [:], range: lastBodyRange, bodyRange: lastBodyRange,
                defaultRanges: signature.defaults))
        return MacroStatement(code, arena, offset: start)
    }

    private func register(_ draft: MacroDraft) {
        if nesting == 0 { macros.append(draft) }
    }

    private func parseCallBlock(_ start: Int) throws -> CallBlockStatement {
        try advance()
        let parameters = kind == .leftParenthesis ? try parseSignature().parameters : []
        guard let call = try parseExpression().call else {
            throw failed("expected a call, such as 'name(arguments)', after 'call'", at: start)
        }
        let body = try parseStatements(until: .call, dropsEndTag: true)
        let code = MacroCode(nil, arena.list(parameters), body, isEscaped: lexicalEscaping, arena)
        return CallBlockStatement(call, code, arena, offset: start)
    }

    // MARK: Host tags

    private func parseHostTag(_ tag: String, _ handler: TagHandler, _ start: Int) throws {
        try advance()
        switch try handler(TagParser(tag, self)) {
        case .nothing: break
        case .body(let body): for statement in body.list { statements.append(statement) }
        case .macro(let name, let signature, let body, let metadata):
            let code = MacroCode(
                table.intern(name), arena.list(signature.parameters), body, isEscaped: lexicalEscaping, arena)
            register(
                MacroDraft(
                    name: name, tag: tag, code: code, metadata: metadata, range: lastBodyRange, bodyRange: lastBodyRange,
                    defaultRanges: signature.defaults))
            statements.append(Statement(MacroStatement(code, arena, offset: start)))
        case .statement(let arguments, let body, let run):
            statements.append(Statement(HostStatement(arguments, body, .init(run), arena, offset: start)))
        }
    }
}
