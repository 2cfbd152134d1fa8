/// `object[start:stop:step]`.
package final class SliceExpression: Expression, @unchecked Sendable {
    package let object: Expression
    let start: Expression?
    let stop: Expression?
    let step: Expression?

    init(_ object: Expression, _ start: Expression?, _ stop: Expression?, _ step: Expression?, offset: Int) {
        self.object = object
        self.start = start
        self.stop = stop
        self.step = step
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try object.evaluate(frame, runtime)
        let first = try start?.evaluate(frame, runtime) ?? .none
        let last = try stop?.evaluate(frame, runtime) ?? .none
        let stride = try step?.evaluate(frame, runtime) ?? .none
        return try locating(frame) { try Slicing.slice(value, first, last, stride) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(object)
        for part in [start, stop, step] { if let part { visit(part) } }
    }
    override var targetDescription: String { "getitem" }
}
