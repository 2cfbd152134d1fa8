extension Node {
    /// Calls `visit` with each direct child, in the order of evaluation.
    func visitChildren(_ visit: (Node) -> Void) {
        func go(_ expression: Expression?) { if let expression { visit(expression.node) } }
        func go(_ arguments: CallArguments) {
            for item in arguments.items { go(item) }
            for item in arguments.keyed { go(item.value) }
            go(arguments.variadic)
            go(arguments.keywords)
        }
        switch kind {
        case .literal, .name, .namespaceTarget, .jump: break
        case .attribute: go(view(AttributeExpression.self).object)
        case .item:
            let node = view(ItemExpression.self).node.pointee
            go(node.object)
            go(node.key)
        case .slice:
            let node = view(SliceExpression.self).node.pointee
            for part in [node.object, node.start, node.stop, node.step] { go(part) }
        case .call:
            let node = view(CallExpression.self)
            go(node.callee)
            go(node.arguments)
        case .filter:
            let node = view(FilterExpression.self)
            go(node.value)
            go(node.arguments)
        case .test:
            let node = view(TestExpression.self).node.pointee
            go(node.value)
            go(node.arguments)
        case .binary:
            let node = view(BinaryExpression.self).node.pointee
            go(node.left)
            go(node.right)
        case .compare:
            let node = view(CompareExpression.self).node.pointee
            go(node.first)
            for part in node.rest { go(part.operand) }
        case .logical:
            let node = view(LogicalExpression.self).node.pointee
            go(node.left)
            go(node.right)
        case .not: go(view(NotExpression.self).node.pointee.operand)
        case .sign: go(view(SignExpression.self).node.pointee.operand)
        case .concatenation: for part in view(ConcatenationExpression.self).node.pointee.parts { go(part) }
        case .conditional:
            let node = view(ConditionalExpression.self).node.pointee
            go(node.condition)
            go(node.value)
            go(node.otherwise)
        case .sequence: for item in view(SequenceExpression.self).items { go(item) }
        case .dict: for item in view(DictExpression.self).node.pointee.items { go(item) }
        default: visitChildrenOfStatement(visit)
        }
    }

    private func visitChildrenOfStatement(_ visit: (Node) -> Void) {
        func go(_ expression: Expression?) { if let expression { visit(expression.node) } }
        func go(_ body: Body) { body.visitChildren(visit) }
        switch kind {
        case .output: for expression in view(OutputStatement.self).expressions { go(expression) }
        case .forLoop:
            let node = view(ForStatement.self).node.pointee
            go(node.iterable)
            go(node.target)
            go(node.condition)
            go(node.body)
            go(node.otherwise)
        case .ifBranches:
            let node = view(IfStatement.self).node.pointee
            for branch in node.branches {
                go(branch.condition)
                go(branch.body)
            }
            go(node.otherwise)
        case .macro: view(MacroStatement.self).code.visitChildren(visit)
        case .callBlock:
            let node = view(CallBlockStatement.self).node.pointee
            go(Expression(node.call))
            node.code.visitChildren(visit)
        case .filterBlock:
            let node = view(FilterBlockStatement.self).node.pointee
            go(Expression(node.filter))
            go(node.body)
        case .set:
            let node = view(SetStatement.self).node.pointee
            go(node.value)
            go(node.target)
        case .setBlock:
            let node = view(SetBlockStatement.self).node.pointee
            go(node.target)
            go(node.filter.map { Expression($0) })
            go(node.body)
        case .with:
            let node = view(WithStatement.self).node.pointee
            for value in node.values { go(value) }
            for target in node.targets { go(target) }
            go(node.body)
        case .autoescape:
            let node = view(AutoescapeStatement.self).node.pointee
            go(node.value)
            go(node.body)
        case .doExpression: go(view(DoStatement.self).node.pointee.expression)
        case .block: go(view(BlockStatement.self).node.pointee.body)
        case .extends: go(view(ExtendsStatement.self).node.pointee.template)
        case .include: go(view(IncludeStatement.self).node.pointee.template)
        case .importModule: go(view(ImportStatement.self).node.pointee.template)
        case .fromImport: go(view(FromImportStatement.self).node.pointee.template)
        case .host:
            let node = view(HostStatement.self).node.pointee
            for argument in node.arguments { go(argument) }
            go(node.body)
        default: break
        }
    }
}
