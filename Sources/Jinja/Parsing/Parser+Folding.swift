extension Parser {
    /// The literal that an operation on literals gives, as Jinja's optimizer finds it; else the node itself.
    ///
    /// Only values that nobody can change are kept, and an operation that fails is left to fail when it runs.
    func folded(_ node: Expression) -> Expression {
        // Where only rendering tells whether output is escaped, Jinja leaves everything to it.
        guard code.environment.foldsLiterals, let lexicalEscaping else { return node }
        if let text = joined(node) { return literal(.string(text), node) }
        guard isFoldable(node) else { return node }
        foldingRuntime.autoescapes = lexicalEscaping
        guard let value = try? node.evaluate(foldingFrame, foldingRuntime) else { return node }
        if let items = value.elements { return sequence(items, of: value, node) }
        return Parser.isKept(value) ? literal(value, node) : node
    }

    /// An expression of the output as Jinja compiles it inside of an `autoescape` tag that only rendering decides: what is
    /// made of literals is text already there, escaped as the code around the tag says.
    func output(_ node: Expression) -> Expression {
        guard lexicalEscaping == nil, let value = settled(node) else { return node }
        guard let text = literalEscaping ? try? Escaping.escaped(value) : try? value.text() else { return node }
        return literal(.markup(text), node)
    }

    /// The value of an expression that is made of literals, without filters and tests; nil for others.
    func settled(_ node: Expression) -> Value? {
        if node.kind == .literal { return node.view(LiteralExpression.self).value }
        guard code.environment.foldsLiterals, isSettled(node) else { return nil }
        foldingRuntime.autoescapes = literalEscaping
        return try? node.evaluate(foldingFrame, foldingRuntime)
    }

    private func isSettled(_ node: Expression) -> Bool {
        switch node.kind {
        case .literal: true
        case .binary, .compare, .concatenation, .logical, .not, .sign: isFoldable(node)
        case .sequence: node.view(SequenceExpression.self).items.allSatisfy(isSettled)
        default: node.constant != nil
        }
    }

    /// Whether nobody can change a value, and it is not too long to be kept.
    private static func isKept(_ value: Value) -> Bool {
        switch value {
        case .none, .bool, .int, .double, .bigInt: true
        case .string(let text), .markup(let text): text.utf8.count <= 4096
        default: false
        }
    }

    private func literal(_ value: Value, _ node: Expression) -> Expression {
        let literal = Expression(LiteralExpression(value, arena, offset: node.offset))
        literal.head.pointee.height = node.height
        return literal
    }

    /// The list or tuple that a filter makes of literals, as a literal one; the node itself where it holds anything else.
    private func sequence(_ items: [Value], of value: Value, _ node: Expression) -> Expression {
        guard items.count <= 64, items.allSatisfy(Parser.isKept) else { return node }
        let isTuple: Bool
        switch value {
        case .list: isTuple = false
        case .tuple(let tuple) where tuple.names == nil: isTuple = true
        default: return node
        }
        let elements = items.map { Expression(LiteralExpression($0, arena, offset: node.offset)) }
        return Expression(SequenceExpression(arena.list(elements), isTuple: isTuple, arena, offset: node.offset))
    }

    /// The text of a concatenation of literals. Jinja's optimizer forgets that some of them are safe.
    private func joined(_ node: Expression) -> String? {
        guard node.kind == .concatenation else { return nil }
        let parts = node.view(ConcatenationExpression.self).node.pointee.parts
        guard parts.allSatisfy(isLiteral) else { return nil }
        let text = try? parts.map { try $0.view(LiteralExpression.self).value.text() }.joined()
        return text.flatMap { $0.utf8.count <= 4096 ? $0 : nil }
    }

    private func isFoldable(_ node: Expression) -> Bool {
        switch node.kind {
        case .binary:
            let node = node.view(BinaryExpression.self).node.pointee
            // What is too long to be kept is not made in vain.
            if node.operation == .multiply || node.operation == .power, max(count(node.left), count(node.right)) > 4096 {
                return false
            }
            return isLiteral(node.left) && isLiteral(node.right)
        case .compare:
            let node = node.view(CompareExpression.self).node.pointee
            return isLiteral(node.first) && node.rest.allSatisfy { isLiteral($0.operand) }
        case .concatenation: return node.view(ConcatenationExpression.self).node.pointee.parts.allSatisfy(isLiteral)
        case .logical:
            let node = node.view(LogicalExpression.self).node.pointee
            return isLiteral(node.left) && isLiteral(node.right)
        case .not: return isLiteral(node.view(NotExpression.self).node.pointee.operand)
        case .sign: return isLiteral(node.view(SignExpression.self).node.pointee.operand)
        case .filter:
            let node = node.view(FilterExpression.self).node.pointee
            return node.isPure && node.literals != nil && node.value.map(isFilterable) == true
        case .test:
            let node = node.view(TestExpression.self).node.pointee
            return node.isPure && node.literals != nil && isLiteral(node.value)
        default: return false
        }
    }

    /// How often a literal may repeat something.
    private func count(_ node: Expression) -> Int { node.integerLiteral ?? 0 }

    private func isLiteral(_ node: Expression) -> Bool { node.kind == .literal }

    /// Whether filters can work on a value while parsing: on literals, on few of them in brackets, and on what other filters
    /// make of such.
    private func isFilterable(_ node: Expression) -> Bool {
        switch node.kind {
        case .literal: return true
        case .sequence:
            let items = node.view(SequenceExpression.self).items
            return items.count <= 64 && items.allSatisfy(isLiteral)
        case .filter: return isFoldable(node)
        default: return false
        }
    }
}
