/// Finds which of some special names a body reads before it sets them.
struct UndeclaredNames {
    /// Names as bits by their number, which is small for special ones.
    typealias Names = UInt64

    private var names: Names
    private var found: Names = 0

    private init(_ names: Names) { self.names = names }

    /// The names that are read.
    static func find(_ names: Names, in body: Body) -> Names {
        var finder = UndeclaredNames(names)
        finder.visit(body)
        return finder.found
    }

    /// The bit of a name.
    @inline(__always) static func bit(_ number: Int32) -> Names { number < 64 ? 1 << UInt64(number) : 0 }

    private mutating func visit(_ body: Body) { for statement in body.list { visit(statement.node) } }

    private mutating func visit(_ node: Node) {
        if names == 0 { return }
        switch node.kind {
        case .name: found |= names & UndeclaredNames.bit(node.view(NameExpression.self).number)
        case .block: return
        case .forLoop:
            let loop = node.view(ForStatement.self)
            declare(loop.target)
            visit(loop.iterable.node)
            visit(loop.body)
            visit(loop.otherwise)
            if let condition = loop.condition { visit(condition.node) }
        case .set:
            let statement = node.view(SetStatement.self).node.pointee
            declare(statement.target)
            visit(statement.value.node)
        case .setBlock:
            let statement = node.view(SetBlockStatement.self).node.pointee
            declare(statement.target)
            if let filter = statement.filter { visit(Expression(filter).node) }
            visit(statement.body)
        case .with:
            let statement = node.view(WithStatement.self).node.pointee
            for target in statement.targets { declare(target) }
            for value in statement.values { visit(value.node) }
            visit(statement.body)
        case .macro: visit(node.view(MacroStatement.self).code)
        case .callBlock:
            let statement = node.view(CallBlockStatement.self).node.pointee
            visit(Expression(statement.call).node)
            visit(statement.code)
        default: visitChildren(node)
        }
    }

    private mutating func visitChildren(_ node: Node) { node.visitChildren { visit($0) } }

    private mutating func visit(_ code: MacroCode) {
        for parameter in code.parameters { names &= ~UndeclaredNames.bit(parameter.name.number) }
        for parameter in code.parameters { if let value = parameter.defaultValue { visit(value.node) } }
        visit(code.body)
    }

    private mutating func declare(_ target: Expression) {
        var declared: Names = 0
        target.node.walk { node in
            if let name = node.cast(NameExpression.self) { declared |= UndeclaredNames.bit(name.number) }
            return true
        }
        names &= ~declared
    }
}
