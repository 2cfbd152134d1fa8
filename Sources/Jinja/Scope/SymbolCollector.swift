/// Notes which names a scope reads and sets, without looking into the scopes inside of it.
struct SymbolCollector {
    private var symbols: Symbols
    private let resolver: ScopeResolver
    private let isRoot: Bool

    init(_ symbols: Symbols, _ resolver: ScopeResolver) {
        self.symbols = symbols
        self.resolver = resolver
        isRoot = symbols.parent == nil && symbols.function.level == 0
    }

    /// Visits the statements of a body.
    func visit(_ body: Body) { for statement in body.list { visit(statement) } }

    /// Visits an expression that is read.
    func visit(_ expression: Expression) {
        let names = expression.head.pointee.names
        if names.isKnown { return load(names) }
        if let name = expression.cast(NameExpression.self) { return symbols.load(name.number) }
        expression.node.visitChildren { visit(Expression(head: $0.head)) }
    }

    private func load(_ span: NameSpan) { resolver.forEachName(span) { symbols.load($0.number) } }

    /// Visits the target of an assignment.
    func visitTarget(_ target: Expression, isParameter: Bool = false) {
        switch target.kind {
        case .name:
            let number = target.view(NameExpression.self).number
            if isParameter { symbols.declareParameter(number) } else { symbols.store(number) }
        case .namespaceTarget: symbols.load(target.view(NamespaceTarget.self).node.pointee.base.number)
        case .sequence:
            for item in target.view(SequenceExpression.self).items { visitTarget(item, isParameter: isParameter) }
        default: break
        }
    }

    /// Visits a statement.
    func visit(_ statement: Statement) {
        let names = statement.head.pointee.names
        if names.isKnown { return load(names) }
        switch statement.kind {
        case .ifBranches: visit(statement.view(IfStatement.self))
        case .macro:
            if let name = statement.view(MacroStatement.self).code.storage.pointee.name,
                !(isRoot && resolver.resolvesMacrosThroughGlobals)
            {
                symbols.store(name.number)
            }
        case .importModule:
            let node = statement.view(ImportStatement.self).node.pointee
            visit(node.template)
            symbols.store(node.target.number)
        case .fromImport:
            let node = statement.view(FromImportStatement.self).node.pointee
            visit(node.template)
            for part in node.names { symbols.store(part.target.number) }
        case .set:
            let node = statement.view(SetStatement.self).node.pointee
            visit(node.value)
            visitTarget(node.target)
        case .setBlock: visitTarget(statement.view(SetBlockStatement.self).node.pointee.target)
        case .forLoop: visit(statement.view(ForStatement.self).iterable)
        case .callBlock: visit(Expression(statement.view(CallBlockStatement.self).node.pointee.call))
        case .filterBlock: visit(Expression(statement.view(FilterBlockStatement.self).node.pointee.filter))
        case .with: for value in statement.view(WithStatement.self).node.pointee.values { visit(value) }
        case .host: for argument in statement.view(HostStatement.self).node.pointee.arguments { visit(argument) }
        case .extends: visit(statement.view(ExtendsStatement.self).node.pointee.template)
        case .include: visit(statement.view(IncludeStatement.self).node.pointee.template)
        case .output: for expression in statement.view(OutputStatement.self).expressions { visit(expression) }
        case .doExpression: visit(statement.view(DoStatement.self).node.pointee.expression)
        default: break
        }
    }

    private func visit(_ statement: IfStatement) {
        let branches = statement.node.pointee.branches
        guard let first = branches.first else { return }
        visit(first.condition)
        if !statement.node.pointee.setsNames {
            // Where nothing is set, branches are as good as no branches.
            visit(first.body)
            for other in branches.dropFirst() {
                visit(other.condition)
                visit(other.body)
            }
            return visit(statement.otherwise)
        }
        let body = branch { $0.visit(first.body) }
        // The other branches count as one, each an `if` in the one before, as in Jinja.
        let others = branch { inner in
            for other in branches.dropFirst() {
                inner.visit(other.condition)
                if !other.body.setsNames {
                    inner.visit(other.body)
                } else {
                    inner.symbols.merge([
                        inner.branch { $0.visit(other.body) }, inner.branch { _ in }, inner.branch { _ in },
                    ])
                }
            }
        }
        let otherwise = branch { $0.visit(statement.otherwise) }
        symbols.merge([body, others, otherwise])
    }

    private func branch(_ visit: (SymbolCollector) -> Void) -> Symbols {
        var collector = self
        collector.symbols = symbols.branch()
        visit(collector)
        return collector.symbols
    }
}
