/// `object.name`: an attribute, else an item.
package final class AttributeExpression: Expression, @unchecked Sendable {
    package let object: Expression
    package let name: String
    let attribute: AttributeName

    init(_ object: Expression, _ name: String, offset: Int) {
        self.object = object
        self.name = name
        attribute = AttributeName(name)
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try object.evaluate(frame, runtime)
        return try locating(frame) { try runtime.attribute(of: value, attribute) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) { visit(object) }
    override var targetDescription: String { "getattr" }
}
