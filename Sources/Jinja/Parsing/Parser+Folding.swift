extension Parser {
    /// The literal that an operation on literals gives, as Jinja's optimizer finds it; else the node itself.
    ///
    /// Only values that nobody can change are kept, and an operation that fails is left to fail when it runs.
    func folded(_ node: Expression) -> Expression {
        guard !isEscaped, isFoldable(node), let value = try? node.evaluate(foldingFrame, foldingRuntime) else { return node }
        switch value {
        case .none, .bool, .int, .double, .bigInt: break
        case .string(let text) where text.utf8.count <= 4096: break
        default: return node
        }
        let literal = LiteralExpression(value, offset: node.offset)
        literal.height = node.height
        return literal
    }

    private func isFoldable(_ node: Expression) -> Bool {
        switch node {
        case let node as BinaryExpression: isLiteral(node.left) && isLiteral(node.right)
        case let node as CompareExpression: isLiteral(node.first) && node.rest.allSatisfy { isLiteral($0.operand) }
        case let node as ConcatenationExpression: node.parts.allSatisfy(isLiteral)
        case let node as LogicalExpression: isLiteral(node.left) && isLiteral(node.right)
        case let node as NotExpression: isLiteral(node.operand)
        case let node as SignExpression: isLiteral(node.operand)
        case let node as FilterExpression:
            node.value.map(isLiteral) == true && node.arguments.literals != nil
                && environment.filters.table.standard(node.name)?.isPure == true
        case let node as TestExpression:
            isLiteral(node.value) && node.arguments.literals != nil && environment.tests.table.standard(node.name)?.isPure == true
        default: false
        }
    }

    private func isLiteral(_ node: Expression) -> Bool { node is LiteralExpression }
}
