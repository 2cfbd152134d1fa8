/// Finds which of some special names a body reads before it sets them.
final class UndeclaredNames {
    private var names: Set<Int32>
    private var found: Set<Int32> = []

    private init(_ names: Set<Int32>) { self.names = names }

    /// The names that are read.
    static func find(_ names: Set<Int32>, in body: Body) -> Set<Int32> {
        let finder = UndeclaredNames(names)
        body.statements.forEach(finder.visit)
        return finder.found
    }

    private func visit(_ node: Node) {
        if names.isEmpty { return }
        switch node {
        case let name as NameExpression: if names.contains(name.number) { found.insert(name.number) }
        case is BlockStatement: return
        case let node as ForStatement:
            declare(node.target)
            visit(node.iterable)
            node.body.statements.forEach(visit)
            node.otherwise.statements.forEach(visit)
            if let condition = node.condition { visit(condition) }
        case let node as SetStatement:
            declare(node.target)
            visit(node.value)
        case let node as SetBlockStatement:
            declare(node.target)
            node.filter.map(visit)
            node.body.statements.forEach(visit)
        case let node as WithStatement:
            node.targets.forEach(declare)
            node.values.forEach(visit)
            node.body.statements.forEach(visit)
        case let node as MacroStatement: visit(node.code)
        case let node as CallBlockStatement:
            visit(node.call)
            visit(node.code)
        default: node.visitChildren(visit)
        }
    }

    private func visit(_ code: MacroCode) {
        for parameter in code.parameters { names.remove(parameter.number) }
        code.visitChildren(visit)
    }

    private func declare(_ target: Node) {
        target.walk { node in
            if let name = node as? NameExpression { names.remove(name.number) }
            return true
        }
    }
}
