/// `namespace.attribute` as the target of an assignment.
package final class NamespaceTarget: Expression, @unchecked Sendable {
    package let name: String
    package let attribute: String
    /// Where the namespace lives; set by the scope resolver.
    @exclusivity(unchecked) var variable = Variable.unresolved

    init(_ name: String, _ attribute: String, offset: Int) {
        self.name = name
        self.attribute = attribute
        super.init(offset: offset)
    }

    /// The namespace that is assigned to.
    func namespace(_ frame: Frame, _ runtime: Runtime) throws -> Namespace {
        let value = try frame.load(variable) ?? frame.resolve(variable, name, runtime)
        guard case .object(let object) = value, let namespace = object as? Namespace else {
            throw frame.locate(TemplateError.runtime("cannot assign attribute on non-namespace object"), at: offset)
        }
        return namespace
    }

    override var targetDescription: String { "nsref" }
}
