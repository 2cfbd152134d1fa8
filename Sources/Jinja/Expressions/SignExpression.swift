/// `-value` or `+value`.
struct SignExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let isNegative: Bool
        let operand: Expression
    }

    static let kind = NodeKind.sign
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ operand: Expression, isNegative: Bool, _ arena: Arena, offset: Int) {
        let head = NodeHead(.sign, offset, height: operand.height + 1)
        node = arena.make(Storage(head: head, isNegative: isNegative, operand: operand))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let value = try node.pointee.operand.evaluate(frame, runtime)
        return try locating(frame) { try apply(value) }
    }

    private func apply(_ value: Value) throws -> Value {
        let isNegative = node.pointee.isNegative
        switch Number(value) {
        case .int(let number): return isNegative ? (-BigInteger(number)).value : .int(number)
        case .big(let number): return isNegative ? (-number).value : value
        case .double(let number): return .double(isNegative ? -number : number)
        case nil:
            if case .undefined(let undefined) = value { throw undefined.error }
            throw TemplateError.type("bad operand type for unary \(isNegative ? "-" : "+"): '\(value.typeName)'")
        }
    }

    /// The value when the operand is a literal.
    var constant: Value? { node.pointee.operand.constant.flatMap { try? apply($0) } }
}
