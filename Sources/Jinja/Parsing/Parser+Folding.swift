extension Parser {
    /// The literal that an operation on literals gives, as Jinja's optimizer finds it; else the node itself.
    ///
    /// Only values that nobody can change are kept, and an operation that fails is left to fail when it runs.
    func folded(_ node: Expression) -> Expression {
        guard isFoldable(node), !isEscaped || node.cast(FilterExpression.self)?.node.pointee.shortcut == .safe,
            let value = try? node.evaluate(foldingFrame, foldingRuntime)
        else { return node }
        switch value {
        case .none, .bool, .int, .double, .bigInt: break
        case .string(let text) where text.utf8.count <= 4096: break
        case .markup(let text) where text.utf8.count <= 4096: break
        default: return node
        }
        let literal = Expression(LiteralExpression(value, arena, offset: node.offset))
        literal.head.pointee.height = node.height
        return literal
    }

    private func isFoldable(_ node: Expression) -> Bool {
        switch node.kind {
        case .binary:
            let node = node.view(BinaryExpression.self).node.pointee
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

    private func isLiteral(_ node: Expression) -> Bool { node.kind == .literal }
}
