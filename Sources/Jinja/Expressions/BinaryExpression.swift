/// An arithmetic operation.
struct BinaryExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let operation: BinaryOperator
        /// Whether the right operand is a small integer in the source.
        let hasNumber: Bool
        let left: Expression
        let right: Expression
        let number: Int
        /// The right operand of a modulo by a number in the source.
        let divisor: Divisor?
    }

    static let kind = NodeKind.binary
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ arena: Arena, offset: Int) {
        let number = right.integerLiteral
        let head = NodeHead(.binary, offset, height: max(left.height, right.height) + 1)
        let divisor = operation == .modulo ? number.flatMap { $0 > 0 ? Divisor($0) : nil } : nil
        node = arena.make(
            Storage(
                head: head, operation: operation, hasNumber: number != nil, left: left, right: right, number: number ?? 0,
                divisor: divisor))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let result = integer(frame) { return .int(result) }
        return try evaluateOperands(frame, runtime)
    }

    /// The value where ``integer(_:)`` gives none.
    func evaluateOperands(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let first = try node.pointee.left.evaluate(frame, runtime)
        let second = try node.pointee.right.evaluate(frame, runtime)
        if case .int(let a) = first, case .int(let b) = second, let result = Arithmetic.fast(node.pointee.operation, a, b) {
            return .int(result)
        }
        return try general(first, second, frame, runtime)
    }

    /// The result for small integers that are at hand.
    ///
    /// Nearly always an operand is a variable of the frame, and the other one is too or stands in the source: that needs no
    /// call, so that nothing has to be saved for it.
    func integer(_ frame: Frame) -> Int? {
        let left = node.pointee.left
        guard left.kind == .name, let a = frame.localInteger(left.view(NameExpression.self).variable) else {
            return integerOfOther(frame)
        }
        if let divisor = node.pointee.divisor { return divisor.remainder(of: a) }
        if node.pointee.hasNumber { return Arithmetic.fast(node.pointee.operation, a, node.pointee.number) }
        let right = node.pointee.right
        guard right.kind == .name, let b = frame.localInteger(right.view(NameExpression.self).variable) else {
            return integerOfOther(frame)
        }
        return Arithmetic.fast(node.pointee.operation, a, b)
    }

    /// ``integer(_:)`` for operands of all kinds.
    @inline(never) private func integerOfOther(_ frame: Frame) -> Int? {
        guard let a = node.pointee.left.nearInteger(frame) else { return nil }
        if let divisor = node.pointee.divisor { return divisor.remainder(of: a) }
        if node.pointee.hasNumber { return Arithmetic.fast(node.pointee.operation, a, node.pointee.number) }
        guard let b = node.pointee.right.nearInteger(frame) else { return nil }
        return Arithmetic.fast(node.pointee.operation, a, b)
    }

    @inline(never) private func general(
        _ first: Value, _ second: Value, _ frame: Frame, _ runtime: Runtime
    ) throws -> Value {
        try locating(frame) { try Arithmetic.apply(node.pointee.operation, first, second, runtime) }
    }

    var targetDescription: String {
        switch node.pointee.operation {
        case .add: "add"
        case .subtract: "sub"
        case .multiply: "mul"
        case .divide: "div"
        case .floorDivide: "floordiv"
        case .modulo: "mod"
        case .power: "pow"
        }
    }
}

extension Expression {
    /// The value of a literal that is a small integer.
    var integerLiteral: Int? {
        guard let literal = cast(LiteralExpression.self), case .int(let value) = literal.value else { return nil }
        return value
    }
}
