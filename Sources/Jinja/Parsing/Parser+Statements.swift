extension Parser {
    /// Parses the statement whose name is the current token, up to its closing delimiter.
    func parseStatement(from tagStart: Int) throws -> [Statement] {
        guard kind == .name else { throw failed("tag name expected") }
        let tag = text(tokens[index])
        let start = offset
        tagStack.append(tag)
        defer { tagStack.removeLast() }
        switch tag {
        case "for": return [try parseFor(start)]
        case "if": return [try parseIf(start)]
        case "block": return [try parseBlock(start)]
        case "extends":
            try advance()
            if nesting > 0 { throw located(TemplateError(.assertion, "cannot use extend from a non top-level scope"), start) }
            return [ExtendsStatement(try parseExpression(), offset: start)]
        case "print": return [try parsePrint(start)]
        case "macro": return [try parseMacro(start)]
        case "include": return [try parseInclude(start)]
        case "from": return [try parseFrom(start)]
        case "import": return [try parseImport(start)]
        case "set": return [try parseSet(start)]
        case "with": return [try parseWith(start)]
        case "autoescape":
            try advance()
            let value = try parseExpression()
            let outer = (lexicalEscaping, literalEscaping)
            lexicalEscaping = value.constant.map(\.isTruthy)
            literalEscaping = lexicalEscaping ?? literalEscaping
            defer { (lexicalEscaping, literalEscaping) = outer }
            return [AutoescapeStatement(value, try parseStatements(until: ["endautoescape"], dropsEndTag: true), offset: start)]
        case "call": return [try parseCallBlock(start)]
        case "filter":
            try advance()
            let filter = try parseBlockFilter()
            return [FilterBlockStatement(filter, try parseStatements(until: ["endfilter"], dropsEndTag: true), offset: start)]
        case "do" where environment.enablesExtensions:
            try advance()
            let firstName = names.count
            let statement = DoStatement(try parseTuple(), offset: start)
            statement.nameSpan = span(from: firstName)
            return [statement]
        case "break" where environment.enablesExtensions, "continue" where environment.enablesExtensions:
            try advance()
            if !tagStack.contains("for") { throw failed("'\(tag)' outside loop", at: start) }
            return [JumpStatement(tag == "break" ? .breakLoop : .continueLoop, offset: start)]
        default:
            if let handler = environment.tags[tag] { return try parseHostTag(tag, handler, start) }
            tagStack.removeLast()
            defer { tagStack.append(tag) }
            throw unexpectedTag(tag, endTagStack, at: start)
        }
    }

    private func parseFor(_ start: Int) throws -> Statement {
        try advance()
        let target = try parseTarget(until: "in")
        try expectName("in")
        let iterable = try parseTuple(withCondition: false, until: "recursive")
        let condition = try skipName("if") ? try parseExpression() : nil
        let isRecursive = try skipName("recursive")
        let body = try parseStatements(until: ["endfor", "else"])
        var otherwise = Body()
        if try skipName("else") {
            otherwise = try parseStatements(until: ["endfor"], dropsEndTag: true)
        } else {
            try advance()
        }
        return ForStatement(
            target, in: iterable, if: condition, body, otherwise: otherwise, isRecursive: isRecursive, offset: start)
    }

    private func parseIf(_ start: Int) throws -> Statement {
        var branches: [(condition: Expression, body: Body)] = []
        var otherwise = Body()
        let wasSoft = isSoft
        while true {
            try advance()
            isSoft = true
            let condition = try parseTuple(withCondition: false)
            isSoft = wasSoft
            branches.append((condition, try parseStatements(until: ["elif", "else", "endif"], soft: true)))
            if isName("elif") { continue }
            if try skipName("else") {
                otherwise = try parseStatements(until: ["endif"], soft: true, dropsEndTag: true)
            } else {
                try advance()
            }
            return IfStatement(branches, otherwise: otherwise, offset: start)
        }
    }

    private func parsePrint(_ start: Int) throws -> Statement {
        try advance()
        var parts: [OutputStatement.Part] = []
        while kind != .blockEnd {
            if !parts.isEmpty { try expect(.comma) }
            parts.append(.expression(try parseExpression()))
        }
        return OutputStatement(parts, in: [], isEscaped: literalEscaping, offset: start)
    }

    private func parseSet(_ start: Int) throws -> Statement {
        try advance()
        let target = try parseTarget(withNamespace: true)
        if try skip(.assign) { return SetStatement(target, try parseTuple(), offset: start) }
        let filter = try skip(.pipe) ? try parseBlockFilter() : nil
        let body = try parseStatements(until: ["endset"], dropsEndTag: true)
        return SetBlockStatement(target, filter: filter, body, offset: start)
    }

    private func parseWith(_ start: Int) throws -> Statement {
        try advance()
        var targets: [Expression] = []
        var values: [Expression] = []
        while kind != .blockEnd && kind != .end {
            if !targets.isEmpty { try expect(.comma) }
            targets.append(try parseTarget())
            try expect(.assign)
            values.append(try parseExpression())
        }
        return WithStatement(targets, values, try parseStatements(until: ["endwith"], dropsEndTag: true), offset: start)
    }

    // MARK: Macros

    /// Parses the parameters of a macro with their parentheses.
    func parseSignature() throws -> (parameters: [MacroCode.Parameter], defaults: [Range<Int>?]) {
        try expect(.leftParenthesis)
        var parameters: [MacroCode.Parameter] = []
        var ranges: [Range<Int>?] = []
        while kind != .rightParenthesis {
            if !parameters.isEmpty { try expect(.comma) }
            let token = try parseTargetName()
            let name = name(token)
            if parameters.contains(where: { $0.name == name }) {
                throw failed("duplicate argument \(quoted(name)) in function definition", at: Int(token.start))
            }
            var value: Expression?
            var range: Range<Int>?
            if try skip(.assign) {
                let start = self.offset
                value = try parseExpression()
                range = start..<Int(tokens[index - 1].end)
            } else if ranges.contains(where: { $0 != nil }) {
                throw failed("non-default argument follows default argument")
            }
            parameters.append(
                MacroCode.Parameter(name: name, number: number(token), defaultValue: value, offset: Int(token.start)))
            ranges.append(range)
        }
        try expect(.rightParenthesis)
        return (parameters, ranges)
    }

    private func parseMacro(_ start: Int) throws -> Statement {
        try advance()
        let token = try parseTargetName()
        let name = name(token)
        let (parameters, defaults) = try parseSignature()
        let body = try parseStatements(until: ["endmacro"], dropsEndTag: true)
        let code = MacroCode(name, number: number(token), parameters, body, isEscaped: lexicalEscaping)
        register(
            MacroDraft(
                name: name, tag: "macro", code: code, metadata: [:], range: lastBodyRange, bodyRange: lastBodyRange,
                defaultRanges: defaults))
        return MacroStatement(code, offset: start)
    }

    private func register(_ draft: MacroDraft) {
        if nesting == 0 { macros.append(draft) }
    }

    private func parseCallBlock(_ start: Int) throws -> Statement {
        try advance()
        let parameters = kind == .leftParenthesis ? try parseSignature().parameters : []
        guard let call = try parseExpression() as? CallExpression else { throw failed("expected call", at: start) }
        let body = try parseStatements(until: ["endcall"], dropsEndTag: true)
        return CallBlockStatement(call, MacroCode(nil, parameters, body, isEscaped: lexicalEscaping), offset: start)
    }

    // MARK: Host tags

    private func parseHostTag(_ tag: String, _ handler: TagHandler, _ start: Int) throws -> [Statement] {
        try advance()
        switch try handler(TagParser(tag, self)) {
        case .nothing: return []
        case .body(let body): return body.statements
        case .macro(let name, let signature, let body, let metadata):
            let code = MacroCode(name, number: table.intern(name), signature.parameters, body, isEscaped: lexicalEscaping)
            register(
                MacroDraft(
                    name: name, tag: tag, code: code, metadata: metadata, range: lastBodyRange, bodyRange: lastBodyRange,
                    defaultRanges: signature.defaults))
            return [MacroStatement(code, offset: start)]
        case .statement(let arguments, let body, let run):
            return [HostStatement(arguments, body, run, offset: start)]
        }
    }
}
