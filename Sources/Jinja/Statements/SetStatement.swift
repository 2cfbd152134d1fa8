/// `{% set target = value %}`.
package final class SetStatement: Statement, @unchecked Sendable {
    package let target: Expression
    package let value: Expression
    private let targetName: NameExpression?
    private let targetAttribute: NamespaceTarget?

    init(_ target: Expression, _ value: Expression, offset: Int) {
        self.target = target
        self.value = value
        targetName = target as? NameExpression
        targetAttribute = target as? NamespaceTarget
        super.init(offset: offset)
    }

    override var setsNames: Bool { true }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if let variable = targetName?.variable {
            frame.store(try value.evaluate(frame, runtime), variable)
        } else if let targetAttribute {
            let namespace = try targetAttribute.namespace(frame, runtime)
            namespace[targetAttribute.attribute] = try value.evaluate(frame, runtime)
        } else {
            try SetStatement.checkNamespaces(target, frame, runtime)
            let result = try value.evaluate(frame, runtime)
            try Assignment.assign(result, to: target, frame, runtime)
        }
        return .normal
    }

    /// Jinja looks at the namespaces before it evaluates the value.
    private static func checkNamespaces(_ target: Expression, _ frame: Frame, _ runtime: Runtime) throws {
        if let attribute = target as? NamespaceTarget { _ = try attribute.namespace(frame, runtime) }
        if let sequence = target as? SequenceExpression {
            for item in sequence.items { try checkNamespaces(item, frame, runtime) }
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(value)
        visit(target)
    }
}
