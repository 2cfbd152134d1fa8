/// `namespace.attribute` as the target of an assignment.
package final class NamespaceTarget: Expression, @unchecked Sendable {
    /// The variable that holds the namespace.
    let base: NameExpression
    package let attribute: String

    init(_ base: NameExpression, _ attribute: String, offset: Int) {
        self.base = base
        self.attribute = attribute
        super.init(offset: offset)
    }

    /// The namespace that is assigned to.
    func namespace(_ frame: Frame, _ runtime: Runtime) throws -> Namespace {
        let value = try base.evaluate(frame, runtime)
        guard case .object(let object) = value, let namespace = object as? Namespace else {
            throw frame.locate(TemplateError.runtime("cannot assign attribute on non-namespace object"), at: offset)
        }
        return namespace
    }

    override var targetDescription: String { "nsref" }
}
