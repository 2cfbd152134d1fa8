/// `object.name`: an attribute, else an item.
package final class AttributeExpression: Expression, @unchecked Sendable {
    package let object: Expression
    package let name: String
    let attribute: AttributeName
    /// What the name means for the variable `loop`.
    private let loopProperty: LoopObject.Property?

    init(_ object: Expression, _ name: String, offset: Int) {
        self.object = object
        self.name = name
        attribute = AttributeName(name)
        loopProperty = (object as? NameExpression)?.name == "loop" ? LoopObject.Property(rawValue: name) : nil
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try object.evaluate(frame, runtime)
        switch value {
        case .object(let object):
            if let loopProperty, type(of: object) == LoopObject.self {
                return unsafeDowncast(object, to: LoopObject.self).value(of: loopProperty, runtime)
            }
        case .dict(let dict):
            if attribute.method == nil, let item = dict.value(for: name) { return item }
        default: break
        }
        return try locating(frame) { try runtime.attribute(of: value, attribute) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(object) }
    override var targetDescription: String { "getattr" }
}
