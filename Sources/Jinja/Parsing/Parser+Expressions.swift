extension Parser {
    /// Parses an expression.
    func parseExpression(withCondition: Bool = true) throws -> Expression {
        expressionDepth += 1
        defer { expressionDepth -= 1 }
        if expressionDepth > 200 || stack.isExhausted { throw tooDeep() }
        let start = names.count
        return spanning(try withCondition ? parseConditional() : parseOr(), from: start)
    }

    private func tooDeep() -> TemplateError { failed("the expression is nested too deeply") }

    /// Notes how high the tree has become, which bounds the recursion of its evaluation.
    private func grown(_ node: Expression) throws -> Expression {
        var height: UInt16 = 0
        node.visitChildren { height = max(height, $0.height) }
        node.height = height + 1
        if node.height > 250 { throw tooDeep() }
        return node
    }

    /// Like ``grown(_:)``, with operations on literals done.
    private func reduced(_ node: Expression) throws -> Expression { folded(try grown(node)) }

    private func parseConditional() throws -> Expression {
        let known = unknown.count
        var node = try parseOr()
        while isName("if") {
            let offset = offset
            try advance()
            let condition = try parseOr()
            let otherwise = try skipName("else") ? try parseExpression() : nil
            node = try grown(ConditionalExpression(condition, node, otherwise, offset: offset))
            unknown.removeLast(unknown.count - known)
        }
        return node
    }

    private func parseOr() throws -> Expression {
        var left = try parseAnd()
        while isName("or") {
            let offset = offset
            try advance()
            left = try reduced(LogicalExpression(left, try parseAnd(), isAnd: false, offset: offset))
        }
        return left
    }

    private func parseAnd() throws -> Expression {
        var left = try parseNot()
        while isName("and") {
            let offset = offset
            try advance()
            left = try reduced(LogicalExpression(left, try parseNot(), isAnd: true, offset: offset))
        }
        return left
    }

    private func parseNot() throws -> Expression {
        guard isName("not") else { return try parseCompare() }
        let offset = offset
        try advance()
        expressionDepth += 1
        defer { expressionDepth -= 1 }
        if expressionDepth > 200 { throw tooDeep() }
        return try reduced(NotExpression(try parseNot(), offset: offset))
    }

    private func parseCompare() throws -> Expression {
        let first = try parseSum()
        var rest: [(operation: CompareExpression.Operator, operand: Expression)] = []
        var place = offset
        while let operation = try takeComparison() {
            if rest.isEmpty { place = Int(tokens[index - 1].start) }
            rest.append((operation, try parseSum()))
        }
        return rest.isEmpty ? first : try reduced(CompareExpression(first, rest, offset: place))
    }

    private func takeComparison() throws -> CompareExpression.Operator? {
        let operation: CompareExpression.Operator
        switch kind {
        case .equal: operation = .equal
        case .notEqual: operation = .notEqual
        case .less: operation = .less
        case .lessEqual: operation = .lessEqual
        case .greater: operation = .greater
        case .greaterEqual: operation = .greaterEqual
        case .name where isName("in"): operation = .contained
        case .name where isName("not") && isNextName("in"):
            try advance()
            operation = .notContained
        default: return nil
        }
        try advance()
        return operation
    }

    private func parseSum() throws -> Expression {
        var left = try parseConcatenation()
        while kind == .add || kind == .subtract {
            let (operation, offset): (BinaryOperator, Int) = (kind == .add ? .add : .subtract, offset)
            try advance()
            left = try reduced(BinaryExpression(operation, left, try parseConcatenation(), offset: offset))
        }
        return left
    }

    private func parseConcatenation() throws -> Expression {
        let first = try parseProduct()
        guard kind == .tilde else { return first }
        let offset = offset
        var parts = [first]
        while try skip(.tilde) { parts.append(try parseProduct()) }
        return try reduced(ConcatenationExpression(parts, offset: offset))
    }

    private func parseProduct() throws -> Expression {
        var left = try parsePower()
        while true {
            let operation: BinaryOperator
            switch kind {
            case .multiply: operation = .multiply
            case .divide: operation = .divide
            case .floorDivide: operation = .floorDivide
            case .modulo: operation = .modulo
            default: return left
            }
            let offset = offset
            try advance()
            left = try reduced(BinaryExpression(operation, left, try parsePower(), offset: offset))
        }
    }

    private func parsePower() throws -> Expression {
        var left = try parseUnary()
        while kind == .power {
            let offset = offset
            try advance()
            left = try reduced(BinaryExpression(.power, left, try parseUnary(), offset: offset))
        }
        return left
    }

    private func parseUnary(withFilter: Bool = true) throws -> Expression {
        var node: Expression
        if kind == .subtract || kind == .add {
            let (isNegative, offset) = (kind == .subtract, offset)
            try advance()
            expressionDepth += 1
            defer { expressionDepth -= 1 }
            if expressionDepth > 200 { throw tooDeep() }
            node = try reduced(SignExpression(try parseUnary(withFilter: false), isNegative: isNegative, offset: offset))
        } else {
            node = try parsePrimary()
        }
        node = try parsePostfix(node)
        return withFilter ? try parseFilters(node) : node
    }

    func parsePostfix(_ start: Expression) throws -> Expression {
        var node = start
        while true {
            switch kind {
            case .dot, .leftBracket: node = try grown(try parseSubscript(node))
            case .leftParenthesis: node = try grown(CallExpression(node, try parseCallArguments(), offset: node.offset))
            default: return node
            }
        }
    }

    private func parseFilters(_ start: Expression) throws -> Expression {
        var node = start
        while true {
            switch kind {
            case .pipe: node = try parseFilter(node)
            case .name where isName("is"): node = try parseTest(node)
            case .leftParenthesis: node = try grown(CallExpression(node, try parseCallArguments(), offset: node.offset))
            default: return node
            }
        }
    }

    private func parseDottedName() throws -> String {
        var name = try expectAnyName()
        while try skip(.dot) { name += "." + (try expectAnyName()) }
        return name
    }

    private func parseFilter(_ value: Expression) throws -> Expression {
        var node = value
        while try skip(.pipe) { node = folded(try parseOneFilter(node)) }
        return node
    }

    /// Parses the name and arguments of a filter, and those that follow; the first one has no value in a block.
    func parseBlockFilter() throws -> FilterExpression {
        let start = names.count
        var node = try parseOneFilter(nil)
        while try skip(.pipe) { node = try parseOneFilter(node) }
        return spanning(node, from: start)
    }

    private func parseOneFilter(_ value: Expression?) throws -> FilterExpression {
        let offset = offset
        let name = try parseDottedName()
        let arguments = kind == .leftParenthesis ? try parseCallArguments() : CallArguments()
        if !isSoft && environment.filters[name] == nil { unknown.append(("No filter named \(quoted(name)).", offset)) }
        let node = FilterExpression(value, name, arguments, environment.filters.table, offset: offset)
        _ = try grown(node)
        return node
    }

    private func parseTest(_ value: Expression) throws -> Expression {
        try advance()
        let isNegated = try skipName("not")
        let offset = offset
        let name = try parseDottedName()
        var arguments = CallArguments()
        switch kind {
        case .leftParenthesis: arguments = try parseCallArguments()
        case .name, .string, .integer, .float, .leftBracket, .leftBrace:
            if isName("else") || isName("or") || isName("and") { break }
            if isName("is") { throw failed("You cannot chain multiple tests with is") }
            arguments.positional = [try parsePostfix(try parsePrimary())]
        default: break
        }
        if !isSoft && environment.tests[name] == nil { unknown.append(("No test named \(quoted(name)).", offset)) }
        let node = folded(try grown(TestExpression(value, name, arguments, environment.tests.table, offset: offset)))
        return isNegated ? folded(NotExpression(node, offset: offset)) : node
    }

    private func parseSubscript(_ object: Expression) throws -> Expression {
        let start = offset
        if try skip(.dot) {
            let token = tokens[index]
            switch token.kind {
            case .name:
                try advance()
                return AttributeExpression(object, name(token), offset: Int(token.start))
            case .integer:
                try advance()
                return ItemExpression(object, try integer(token), offset: Int(token.start))
            default:
                try advance()
                throw failed("expected name or number", at: Int(token.start))
            }
        }
        try expect(.leftBracket)
        let first: Expression? = kind == .colon || kind == .rightBracket ? nil : try parseExpression()
        if kind == .colon { return try parseSlice(object, first, start) }
        guard let first else {
            try advance()
            return ItemExpression(object, SequenceExpression([], isTuple: true, offset: start), offset: start)
        }
        var keys = [first]
        while kind != .rightBracket {
            try expect(.comma)
            if kind == .rightBracket { break }
            keys.append(try parseExpression())
        }
        try expect(.rightBracket)
        let key = keys.count == 1 ? first : try grown(SequenceExpression(keys, isTuple: true, offset: start))
        return ItemExpression(object, key, offset: start)
    }

    private func parseSlice(_ object: Expression, _ first: Expression?, _ start: Int) throws -> Expression {
        try expect(.colon)
        func part() throws -> Expression? {
            kind == .colon || kind == .rightBracket || kind == .comma ? nil : try parseExpression()
        }
        let last = try part()
        let step = try skip(.colon) ? try part() : nil
        try expect(.rightBracket)
        return SliceExpression(object, first, last, step, offset: start)
    }

    /// Parses the arguments of a call with their parentheses.
    func parseCallArguments() throws -> CallArguments {
        let start = offset
        try expect(.leftParenthesis)
        var arguments = CallArguments()
        func ensure(_ condition: Bool) throws {
            if !condition { throw failed("invalid syntax for function call expression", at: start) }
        }
        var isFirst = true
        while kind != .rightParenthesis {
            if !isFirst {
                try expect(.comma)
                if kind == .rightParenthesis { break }
            }
            isFirst = false
            if kind == .multiply {
                try ensure(arguments.variadic == nil && arguments.keywords == nil)
                try advance()
                arguments.variadic = try parseExpression()
            } else if kind == .power {
                try ensure(arguments.keywords == nil)
                try advance()
                arguments.keywords = try parseExpression()
            } else if kind == .name && nextKind == .assign {
                try ensure(arguments.keywords == nil)
                let key = name(tokens[index])
                let place = offset
                if arguments.named.contains(where: { $0.name == key }) {
                    throw failed("keyword argument repeated: \(key)", at: place)
                }
                try advance()
                try advance()
                arguments.named.append((key, try parseExpression()))
            } else {
                try ensure(arguments.variadic == nil && arguments.keywords == nil && arguments.named.isEmpty)
                arguments.positional.append(try parseExpression())
            }
        }
        try expect(.rightParenthesis)
        return arguments
    }
}
