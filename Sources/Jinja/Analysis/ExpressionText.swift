/// Writes expressions as text in one layout, whatever theirs was: `config(a = 1)` and `config(a=1)` are the same.
///
/// What Python's Jinja2 has operators for in its own syntax tree only (arithmetic, filters, tests, conditions) is written
/// as that tree prints itself: tools that compare such texts with older ones made by Python find nothing changed.
struct ExpressionText {
    let source: TemplateSource

    /// As it would stand in a template.
    func text(_ expression: Expression) -> String {
        switch expression.kind {
        case .literal: return expression.view(LiteralExpression.self).value.pythonRepr
        case .name: return expression.view(NameExpression.self).name
        case .call:
            let call = expression.view(CallExpression.self)
            return "\(text(call.callee))(\(arguments(call.arguments)))"
        case .attribute:
            let attribute = expression.view(AttributeExpression.self)
            return "\(text(attribute.object)).\(attribute.name)"
        case .item:
            let item = expression.view(ItemExpression.self).node.pointee
            return "\(text(item.object))[\(text(item.key))]"
        case .slice:
            return "\(text(expression.view(SliceExpression.self).node.pointee.object))[\(slice(expression))]"
        case .sequence:
            let sequence = expression.view(SequenceExpression.self)
            let items = sequence.items.map(text).joined(separator: ", ")
            guard sequence.isTuple else { return "[\(items)]" }
            return sequence.items.count == 1 ? "(\(items),)" : "(\(items))"
        case .dict: return "{" + pairs(expression).map { "\(text($0)): \(text($1))" }.joined(separator: ", ") + "}"
        case .concatenation:
            return expression.view(ConcatenationExpression.self).node.pointee.parts.map(text).joined(separator: " ~ ")
        case .compare:
            let compare = expression.view(CompareExpression.self).node.pointee
            return ([text(compare.first)] + compare.rest.map { "\($0.operation.symbol) \(text($0.operand))" })
                .joined(separator: " ")
        case .not: return "not \(text(expression.view(NotExpression.self).node.pointee.operand))"
        case .sign where expression.view(SignExpression.self).node.pointee.isNegative:
            return "-\(text(expression.view(SignExpression.self).node.pointee.operand))"
        case .logical:
            let logical = expression.view(LogicalExpression.self).node.pointee
            return "\(text(logical.left)) \(logical.isAnd ? "and" : "or") \(text(logical.right))"
        default: return tree(expression)
        }
    }

    private func arguments(_ arguments: CallArguments) -> String {
        var parts = arguments.items.map(text) + arguments.keyed.map { "\($0.name.text)=\(text($0.value))" }
        if let variadic = arguments.variadic { parts.append("*\(text(variadic))") }
        if let keywords = arguments.keywords { parts.append("**\(text(keywords))") }
        return parts.joined(separator: ", ")
    }

    private func pairs(_ expression: Expression) -> [(Expression, Expression)] {
        let items = Array(expression.view(DictExpression.self).node.pointee.items)
        return stride(from: 0, to: items.count - 1, by: 2).map { (items[$0], items[$0 + 1]) }
    }

    // MARK: The tree of Jinja2

    /// As Jinja2 prints the node.
    private func tree(_ expression: Expression) -> String {
        switch expression.kind {
        case .literal: return "Const(value=\(expression.view(LiteralExpression.self).value.pythonRepr))"
        case .name: return "Name(name='\(expression.view(NameExpression.self).name)', ctx='load')"
        case .call:
            let call = expression.view(CallExpression.self)
            return "Call(node=\(tree(call.callee)), \(argumentTrees(call.arguments)))"
        case .attribute:
            let attribute = expression.view(AttributeExpression.self)
            return "Getattr(node=\(tree(attribute.object)), attr='\(attribute.name)', ctx='load')"
        case .item:
            let item = expression.view(ItemExpression.self).node.pointee
            return "Getitem(node=\(tree(item.object)), arg=\(tree(item.key)), ctx='load')"
        case .slice:
            let object = expression.view(SliceExpression.self).node.pointee.object
            return "Getitem(node=\(tree(object)), arg=\(slice(expression)), ctx='load')"
        case .sequence:
            let sequence = expression.view(SequenceExpression.self)
            let items = "items=[\(sequence.items.map(tree).joined(separator: ", "))]"
            return sequence.isTuple ? "Tuple(\(items), ctx='load')" : "List(\(items))"
        case .dict:
            let items = pairs(expression).map { "Pair(key=\(tree($0)), value=\(tree($1)))" }
            return "Dict(items=[\(items.joined(separator: ", "))])"
        case .concatenation:
            let parts = expression.view(ConcatenationExpression.self).node.pointee.parts.map(tree)
            return "Concat(nodes=[\(parts.joined(separator: ", "))])"
        case .compare:
            let compare = expression.view(CompareExpression.self).node.pointee
            let operands = compare.rest.map { "Operand(op='\(Self.name(of: $0.operation))', expr=\(tree($0.operand)))" }
            return "Compare(expr=\(tree(compare.first)), ops=[\(operands.joined(separator: ", "))])"
        case .not: return "Not(node=\(tree(expression.view(NotExpression.self).node.pointee.operand)))"
        case .sign:
            let sign = expression.view(SignExpression.self).node.pointee
            return "\(sign.isNegative ? "Neg" : "Pos")(node=\(tree(sign.operand)))"
        case .logical:
            let logical = expression.view(LogicalExpression.self).node.pointee
            return "\(logical.isAnd ? "And" : "Or")(left=\(tree(logical.left)), right=\(tree(logical.right)))"
        case .binary:
            let binary = expression.view(BinaryExpression.self).node.pointee
            return "\(Self.name(of: binary.operation))(left=\(tree(binary.left)), right=\(tree(binary.right)))"
        case .conditional:
            let condition = expression.view(ConditionalExpression.self).node.pointee
            return "CondExpr(test=\(tree(condition.condition)), expr1=\(tree(condition.value)), "
                + "expr2=\(optional(condition.otherwise)))"
        case .filter:
            let filter = expression.view(FilterExpression.self)
            return "Filter(node=\(optional(filter.value)), name='\(name(at: expression.offset))', "
                + "\(argumentTrees(filter.arguments)))"
        case .test:
            let test = expression.view(TestExpression.self).node.pointee
            return "Test(node=\(tree(test.value)), name='\(name(at: expression.offset))', \(argumentTrees(test.arguments)))"
        default: return text(expression)
        }
    }

    private func optional(_ expression: Expression?) -> String { expression.map(tree) ?? "None" }

    private func slice(_ expression: Expression) -> String {
        let slice = expression.view(SliceExpression.self).node.pointee
        return "Slice(start=\(optional(slice.start)), stop=\(optional(slice.stop)), step=\(optional(slice.step)))"
    }

    private func argumentTrees(_ arguments: CallArguments) -> String {
        let named = arguments.keyed.map { "Keyword(key='\($0.name.text)', value=\(tree($0.value)))" }
        return "args=[\(arguments.items.map(tree).joined(separator: ", "))], kwargs=[\(named.joined(separator: ", "))], "
            + "dyn_args=\(optional(arguments.variadic)), dyn_kwargs=\(optional(arguments.keywords))"
    }

    /// The name of a filter or test, which the tree does not keep.
    private func name(at offset: Int) -> String {
        var end = offset
        while end < source.bytes.count, Self.isPartOfName(source.bytes[end]) { end += 1 }
        return source.text(offset..<end)
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte >= 128
    }

    private static func name(of operation: BinaryOperator) -> String {
        switch operation {
        case .add: "Add"
        case .subtract: "Sub"
        case .multiply: "Mul"
        case .divide: "Div"
        case .floorDivide: "FloorDiv"
        case .modulo: "Mod"
        case .power: "Pow"
        }
    }

    private static func name(of operation: CompareExpression.Operator) -> String {
        switch operation {
        case .equal: "eq"
        case .notEqual: "ne"
        case .less: "lt"
        case .lessEqual: "lteq"
        case .greater: "gt"
        case .greaterEqual: "gteq"
        case .contained: "in"
        case .notContained: "notin"
        }
    }
}
