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
        switch value {
        case .none, .bool, .int, .double, .bigInt: break
        case .string(let text) where text.utf8.count <= 4096: break
        case .markup(let text) where text.utf8.count <= 4096: break
        default: return node
        }
        return literal(value, node)
    }

    private func literal(_ value: Value, _ node: Expression) -> Expression {
        let literal = Expression(LiteralExpression(value, arena, offset: node.offset))
        literal.head.pointee.height = node.height
        return literal
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
            return node.isPure && node.literals != nil && node.value.map(isLiteral) == true
        case .test:
            let node = node.view(TestExpression.self).node.pointee
            return node.isPure && node.literals != nil && isLiteral(node.value)
        default: return false
        }
    }

    /// How often a literal may repeat something.
    private func count(_ node: Expression) -> Int { node.integerLiteral ?? 0 }

    private func isLiteral(_ node: Expression) -> Bool { node.kind == .literal }
}
