extension Parser {
    /// Parses `{% block %}`.
    func parseBlock(_ start: Int) throws -> BlockStatement {
        try advance()
        let name = try expectAnyName()
        let isScoped = try skipName(.scoped)
        let isRequired = try skipName(.required)
        if kind == .subtract {
            throw failed(
                "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead."
            )
        }
        let isTopLevel = nesting == 0
        // A block begins with what the environment says, wherever it stands.
        let outer = (lexicalEscaping, literalEscaping)
        (lexicalEscaping, literalEscaping) = (code.environment.autoescapes, code.environment.autoescapes)
        defer { (lexicalEscaping, literalEscaping) = outer }
        let body = try parseStatements(until: .block, dropsEndTag: true)
        if isRequired, body.list.contains(where: { $0.output?.isBlank != true }) {
            throw failed("Required blocks can only contain comments or whitespace")
        }
        if kind == .name, text(token) == name.text { try advance() }
        if isScoped {
            hasScopedBlock = true
            loopUses += 1
        }
        let block = BlockStatement(
            name, body, isScoped: isScoped, isRequired: isRequired, isTopLevel: isTopLevel, code: code, offset: start)
        if !blocks.insert(name.text).inserted { unknown.append(("block \(quoted(name.text)) defined twice", start)) }
        return block
    }

    /// Parses `with context` or `without context`, nil when neither follows.
    private func parseContext() throws -> Bool? {
        guard isName(.with) || isName(.without), isNextName(.context) else { return nil }
        let isWith = isName(.with)
        try advance()
        try advance()
        return isWith
    }

    /// Parses `{% include %}`.
    func parseInclude(_ start: Int) throws -> IncludeStatement {
        try advance()
        let template = try parseExpression()
        var ignoresMissing = false
        if isName(.ignore) && isNextName(.missing) {
            try advance()
            try advance()
            ignoresMissing = true
        }
        let withContext = try parseContext() ?? true
        if withContext { loopUses += 1 }
        return IncludeStatement(template, ignoresMissing: ignoresMissing, withContext: withContext, arena, offset: start)
    }

    /// Parses `{% import %}`.
    func parseImport(_ start: Int) throws -> ImportStatement {
        try advance()
        let template = try parseExpression()
        try expectName(.as)
        let target = try parseTargetName()
        let withContext = try parseContext() ?? false
        if withContext { loopUses += 1 }
        return ImportStatement(
            template, target: makeName(target), withContext: withContext, arena, offset: start)
    }

    /// Parses `{% from ... import %}`.
    func parseFrom(_ start: Int) throws -> FromImportStatement {
        try advance()
        let template = try parseExpression()
        try expectName(.import)
        var names: [FromImportStatement.Import] = []
        var withContext: Bool?
        while true {
            if !names.isEmpty { try expect(.comma) }
            guard kind == .name else {
                try expect(.name)
                break
            }
            withContext = try parseContext()
            if withContext != nil { break }
            let token = try parseTargetName()
            let name = name(token)
            if name.text.hasPrefix("_") {
                throw located(
                    TemplateError(.assertion, "names starting with an underline can not be imported"), Int(token.start))
            }
            names.append(.init(name: name, target: makeName(try skipName(.as) ? try parseTargetName() : token)))
            withContext = try parseContext()
            if withContext != nil || kind != .comma { break }
        }
        if withContext == true { loopUses += 1 }
        return FromImportStatement(template, names: names, withContext: withContext ?? false, arena, offset: start)
    }
}
