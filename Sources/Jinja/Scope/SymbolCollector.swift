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
    func visit(_ body: Body) { for statement in body.statements { visit(statement) } }

    /// Visits an expression that is read.
    func visit(_ expression: Expression) {
        if let span = expression.nameSpan { return load(span) }
        if let name = expression as? NameExpression { return symbols.load(name.number) }
        expression.visitChildren { if let child = $0 as? Expression { visit(child) } }
    }

    private func load(_ span: NameSpan) { for name in resolver.names(span) { symbols.load(name.number) } }

    /// Visits the target of an assignment.
    func visitTarget(_ target: Expression, isParameter: Bool = false) {
        switch target {
        case let name as NameExpression:
            isParameter ? _ = symbols.declareParameter(name.number) : symbols.store(name.number)
        case let attribute as NamespaceTarget: symbols.load(attribute.base.number)
        case let sequence as SequenceExpression: sequence.items.forEach { visitTarget($0, isParameter: isParameter) }
        default: break
        }
    }

    /// Visits a statement.
    func visit(_ statement: Statement) {
        if let span = statement.nameSpan { return load(span) }
        switch statement {
        case let statement as IfStatement: visit(statement)
        case let statement as MacroStatement:
            if statement.code.name != nil, !(isRoot && resolver.resolvesMacrosThroughGlobals) {
                symbols.store(statement.code.number)
            }
        case let statement as ImportStatement:
            visit(statement.template)
            symbols.store(statement.target.number)
        case let statement as FromImportStatement:
            visit(statement.template)
            for (_, target) in statement.names { symbols.store(target.number) }
        case let statement as SetStatement:
            visit(statement.value)
            visitTarget(statement.target)
        case let statement as SetBlockStatement: visitTarget(statement.target)
        case let statement as ForStatement: visit(statement.iterable)
        case let statement as CallBlockStatement: visit(statement.call)
        case let statement as FilterBlockStatement: visit(statement.filter)
        case let statement as WithStatement: statement.values.forEach(visit)
        case let statement as HostStatement: statement.arguments.forEach(visit)
        case is BlockStatement, is AutoescapeStatement: break
        default: statement.visitChildren { if let child = $0 as? Expression { visit(child) } }
        }
    }

    private func visit(_ statement: IfStatement) {
        guard let first = statement.branches.first else { return }
        visit(first.condition)
        if !statement.setsNames {
            // Where nothing is set, branches are as good as no branches.
            visit(first.body)
            for other in statement.branches.dropFirst() {
                visit(other.condition)
                visit(other.body)
            }
            return visit(statement.otherwise)
        }
        let body = branch { $0.visit(first.body) }
        // The other branches count as one, each nested in the one before, as in Jinja.
        let others = branch { inner in
            for other in statement.branches.dropFirst() { inner.visit(IfStatement([other], otherwise: Body(), offset: 0)) }
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
