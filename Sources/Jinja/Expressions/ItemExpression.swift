/// `object[key]`: an item, else an attribute.
package final class ItemExpression: Expression, @unchecked Sendable {
    package let object: Expression
    package let key: Expression

    init(_ object: Expression, _ key: Expression, offset: Int) {
        self.object = object
        self.key = key
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try object.evaluate(frame, runtime)
        let key = try key.evaluate(frame, runtime)
        return try locating(frame) { try runtime.item(of: value, key) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(object)
        visit(key)
    }
    override var targetDescription: String { "getitem" }
}
