extension Parser {
    /// Parses an expression.
    func parseExpression(withCondition: Bool = true) throws -> Expression {
        expressionDepth += 1
        defer { expressionDepth -= 1 }
        if expressionDepth > 200 || stack.isExhausted { throw tooDeep() }
        let start = names.count
        let known = unknown.count
        // Most expressions are done after their first operand.
        let first = isName(.not) ? nil : try parseUnary()
        if let first, kind.endsExpression { return spanning(first, from: start) }
        let node = try parseOr(first)
        return spanning(withCondition ? try parseConditional(node, known) : node, from: start)
    }

    private func tooDeep() -> TemplateError { failed("the expression is nested too deeply") }

    /// Checks how high the tree has become, which bounds the recursion of its evaluation.
    @inline(__always) func grown(_ view: some NodeView) throws -> Expression {
        if view.head.pointee.height > 250 { throw tooDeep() }
        return Expression(view)
    }

    /// Like ``grown(_:)``, with operations on literals done.
    @inline(__always) private func reduced(_ view: some NodeView) throws -> Expression { folded(try grown(view)) }

    private func parseConditional(_ first: Expression, _ known: Int) throws -> Expression {
        var node = first
        while isName(.if) {
            let offset = offset
            try advance()
            let condition = try parseOr(nil)
            let otherwise = try skipName(.else) ? try parseExpression() : nil
            node = try grown(ConditionalExpression(condition, node, otherwise, arena, offset: offset))
            unknown.removeLast(unknown.count - known)
        }
        return node
    }

    // Each level gets the first operand where it was read already.

    private func parseOr(_ first: Expression?) throws -> Expression {
        var left = try parseAnd(first)
        while isName(.or) {
            let offset = offset
            try advance()
            left = try reduced(LogicalExpression(left, try parseAnd(nil), isAnd: false, arena, offset: offset))
        }
        return left
    }

    private func parseAnd(_ first: Expression?) throws -> Expression {
        var left = try parseNot(first)
        while isName(.and) {
            let offset = offset
            try advance()
            left = try reduced(LogicalExpression(left, try parseNot(nil), isAnd: true, arena, offset: offset))
        }
        return left
    }

    private func parseNot(_ first: Expression?) throws -> Expression {
        guard first == nil, isName(.not) else { return try parseCompare(first) }
        let offset = offset
        try advance()
        expressionDepth += 1
        defer { expressionDepth -= 1 }
        if expressionDepth > 200 { throw tooDeep() }
        return try reduced(NotExpression(try parseNot(nil), arena, offset: offset))
    }

    private func parseCompare(_ start: Expression?) throws -> Expression {
        let first = try parseSum(start)
        guard kind.mayCompare else { return first }
        var rest: [CompareExpression.Part] = []
        var place = offset
        while let operation = try takeComparison() {
            if rest.isEmpty { place = Int(previousToken.start) }
            rest.append(.init(operation: operation, operand: try parseSum(nil)))
        }
        return rest.isEmpty ? first : try reduced(CompareExpression(first, arena.list(rest), arena, offset: place))
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
        case .name where isName(.in): operation = .contained
        case .name where isName(.not) && isNextName(.in):
            try advance()
            operation = .notContained
        default: return nil
        }
        try advance()
        return operation
    }

    private func parseSum(_ first: Expression?) throws -> Expression {
        var left = try parseConcatenation(first)
        while kind == .add || kind == .subtract {
            let (operation, offset): (BinaryOperator, Int) = (kind == .add ? .add : .subtract, offset)
            try advance()
            left = try reduced(BinaryExpression(operation, left, try parseConcatenation(nil), arena, offset: offset))
        }
        return left
    }

    private func parseConcatenation(_ start: Expression?) throws -> Expression {
        let first = try parseProduct(start)
        guard kind == .tilde else { return first }
        let offset = offset
        let base = expressions.count
        expressions.append(first)
        while try skip(.tilde) { expressions.append(try parseProduct(nil)) }
        return try reduced(
            ConcatenationExpression(takeExpressions(from: base), isPlain: lexicalEscaping == nil, arena, offset: offset))
    }

    /// The expressions that wait since `start`, as a list.
    func takeExpressions(from start: Int) -> NodeList<Expression> {
        defer { expressions.removeLast(expressions.count - start) }
        return arena.list(expressions, from: start)
    }

    private func parseProduct(_ first: Expression?) throws -> Expression {
        var left = try parsePower(first)
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
            left = try reduced(BinaryExpression(operation, left, try parsePower(nil), arena, offset: offset))
        }
    }

    private func parsePower(_ first: Expression?) throws -> Expression {
        var left = try first ?? parseUnary()
        while kind == .power {
            let offset = offset
            try advance()
            left = try reduced(BinaryExpression(.power, left, try parseUnary(), arena, offset: offset))
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
            node = try reduced(
                SignExpression(try parseUnary(withFilter: false), isNegative: isNegative, arena, offset: offset))
        } else {
            node = try parsePrimary()
        }
        if kind.endsExpression { return node }
        node = try parsePostfix(node)
        return withFilter ? try parseFilters(node) : node
    }

    func parsePostfix(_ start: Expression) throws -> Expression {
        var node = start
        while true {
            switch kind {
            case .dot, .leftBracket: node = try parseSubscript(node)
            case .leftParenthesis: node = try parseCall(node)
            default: return node
            }
        }
    }

    private func parseCall(_ callee: Expression) throws -> Expression {
        try grown(CallExpression(callee, try parseCallArguments(), arena, offset: callee.offset))
    }

    private func parseFilters(_ start: Expression) throws -> Expression {
        var node = start
        while true {
            switch kind {
            case .pipe: while try skip(.pipe) { node = folded(try grown(try parseOneFilter(node))) }
            case .name where isName(.is): node = try parseTest(node)
            case .leftParenthesis: node = try parseCall(node)
            default: return node
            }
        }
    }

    private func parseDottedName() throws -> String {
        let first = try expectAnyName().text
        guard kind == .dot else { return first }
        var name = first
        while try skip(.dot) { name += "." + (try expectAnyName().text) }
        return name
    }

    /// Parses the name and arguments of a filter, and those that follow; the first one has no value in a block.
    func parseBlockFilter() throws -> FilterExpression {
        let start = names.count
        var node = try parseOneFilter(nil)
        while try skip(.pipe) { node = try parseOneFilter(try grown(node)) }
        _ = spanning(try grown(node), from: start)
        return node
    }

    private func parseOneFilter(_ value: Expression?) throws -> FilterExpression {
        let offset = offset
        let name = try parseDottedName()
        let arguments = kind == .leftParenthesis ? try parseCallArguments() : CallArguments()
        let entry = code.environment.filters.table.entry(name)
        if !isSoft && entry == nil { unknown.append(("No filter named \(quoted(name)).", offset)) }
        return FilterExpression(value, name, arguments, entry, code, offset: offset)
    }

    private func parseTest(_ value: Expression) throws -> Expression {
        try advance()
        let isNegated = try skipName(.not)
        let offset = offset
        let name = try parseDottedName()
        var arguments = CallArguments()
        switch kind {
        case .leftParenthesis: arguments = try parseCallArguments()
        case .name, .string, .integer, .float, .leftBracket, .leftBrace:
            if isName(.else) || isName(.or) || isName(.and) { break }
            if isName(.is) { throw failed("You cannot chain multiple tests with is") }
            let base = expressions.count
            expressions.append(try parsePostfix(try parsePrimary()))
            arguments = CallArguments(.init(items: takeExpressions(from: base)), arena)
        default: break
        }
        let entry = code.environment.tests.table.entry(name)
        if !isSoft && entry == nil { unknown.append(("No test named \(quoted(name)).", offset)) }
        let node = folded(try grown(TestExpression(value, name, arguments, entry, arena, offset: offset)))
        return isNegated ? folded(Expression(NotExpression(node, arena, offset: offset))) : node
    }

    private func parseSubscript(_ object: Expression) throws -> Expression {
        let start = offset
        if try skip(.dot) {
            let token = token
            try advance()
            switch token.kind {
            case .name:
                let attribute = AttributeExpression(object, name(token), arena, offset: Int(token.start))
                if let property = attribute.node.pointee.loopProperty, property != .previtem { plainLoopUses += 1 }
                return try grown(attribute)
            case .integer: return try grown(ItemExpression(object, try integer(token), arena, offset: Int(token.start)))
            default: throw failed("expected name or number", at: Int(token.start))
            }
        }
        try expect(.leftBracket)
        let first: Expression? = kind == .colon || kind == .rightBracket ? nil : try parseExpression()
        if kind == .colon { return try parseSlice(object, first, start) }
        guard let first else {
            try advance()
            let key = Expression(SequenceExpression(NodeList(), isTuple: true, arena, offset: start))
            return try grown(ItemExpression(object, key, arena, offset: start))
        }
        let base = expressions.count
        expressions.append(first)
        while kind != .rightBracket {
            try expect(.comma)
            if kind == .rightBracket { break }
            expressions.append(try parseExpression())
        }
        try expect(.rightBracket)
        let keys = takeExpressions(from: base)
        let key = keys.count == 1 ? first : try grown(SequenceExpression(keys, isTuple: true, arena, offset: start))
        return try grown(ItemExpression(object, key, arena, offset: start))
    }

    private func parseSlice(_ object: Expression, _ first: Expression?, _ start: Int) throws -> Expression {
        try expect(.colon)
        func part() throws -> Expression? {
            kind == .colon || kind == .rightBracket || kind == .comma ? nil : try parseExpression()
        }
        let last = try part()
        let step = try skip(.colon) ? try part() : nil
        try expect(.rightBracket)
        return try grown(SliceExpression(object, first, last, step, arena, offset: start))
    }

    /// Parses the arguments of a call with their parentheses.
    func parseCallArguments() throws -> CallArguments {
        let start = offset
        try expect(.leftParenthesis)
        if try skip(.rightParenthesis) { return CallArguments() }
        let base = expressions.count
        var keyed: [CallArguments.Keyed] = []
        var arguments = CallArguments.Storage()
        func ensure(_ condition: Bool) throws {
            guard condition else {
                throw failed(
                    "invalid syntax for function call expression: expected positional arguments, named ones, *args and **kwargs"
                        + " in this order", at: start)
            }
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
                let key = name(token)
                if keyed.contains(where: { $0.name.number == key.number }) {
                    throw failed("keyword argument repeated: \(key.text)", at: offset)
                }
                try advance()
                try advance()
                keyed.append(.init(name: key, value: try parseExpression()))
            } else {
                try ensure(arguments.variadic == nil && arguments.keywords == nil && keyed.isEmpty)
                expressions.append(try parseExpression())
            }
        }
        try expect(.rightParenthesis)
        arguments.items = takeExpressions(from: base)
        if !keyed.isEmpty { arguments.keyed = arena.list(keyed) }
        return CallArguments(arguments, arena)
    }
}
