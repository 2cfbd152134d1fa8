/// A chain of comparisons, such as `a < b <= c`.
struct CompareExpression: NodeView {
    enum Operator: UInt8, Sendable {
        case equal, notEqual, less, lessEqual, greater, greaterEqual, contained, notContained

        /// The operator in the source.
        var symbol: String {
            switch self {
            case .equal: "=="
            case .notEqual: "!="
            case .less: "<"
            case .lessEqual: "<="
            case .greater: ">"
            case .greaterEqual: ">="
            case .contained: "in"
            case .notContained: "not in"
            }
        }
    }

    struct Part {
        let operation: Operator
        let operand: Expression
    }

    struct Storage {
        var head: NodeHead
        let first: Expression
        let rest: NodeList<Part>
        /// The first of ``rest``, which is nearly always the only one.
        let second: Expression
        let operation: Operator
        let isChain: Bool
        /// Whether the operation compares, as opposed to searches.
        let isOrder: Bool
        /// Whether this compares with a small integer in the source, and with nothing else.
        let hasNumber: Bool
        let number: Int
        /// The items of a list or tuple of literals that something is searched in.
        let choices: UnsafeMutablePointer<Value>?
        /// The same where all of them are small integers.
        let numbers: NodeList<Int>
    }

    static let kind = NodeKind.compare
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    /// - Precondition: There is at least one part.
    init(_ first: Expression, _ rest: NodeList<Part>, _ arena: Arena, offset: Int) {
        let (operation, second) = (rest[0].operation, rest[0].operand)
        let isOrder = operation != .contained && operation != .notContained
        var height = first.height
        for part in rest { height = max(height, part.operand.height) }
        let number = isOrder && rest.count == 1 ? second.integerLiteral : nil
        let values = isOrder ? nil : CompareExpression.choices(second)
        let numbers: [Int] = (values ?? []).compactMap { if case .int(let number) = $0 { number } else { nil } }
        node = arena.make(
            Storage(
                head: NodeHead(.compare, offset, height: height + 1), first: first, rest: rest, second: second,
                operation: operation, isChain: rest.count > 1, isOrder: isOrder, hasNumber: number != nil,
                number: number ?? 0, choices: values.map { arena.keep(.tuple(Tuple($0))) },
                numbers: numbers.count == values?.count && rest.count == 1 ? arena.list(numbers) : NodeList()))
    }

    private static func choices(_ expression: Expression) -> [Value]? {
        guard let sequence = expression.cast(SequenceExpression.self) else { return nil }
        var values: [Value] = []
        for item in sequence.items {
            guard let literal = item.cast(LiteralExpression.self) else { return nil }
            values.append(literal.value)
        }
        return values
    }

    @inline(__always) func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        // By far most comparisons are of an integer with a number in the source.
        if node.pointee.hasNumber, let a = node.pointee.first.operand(frame) { return holds(a, node.pointee.number) }
        return try testOther(frame, runtime)
    }

    /// ``test(_:_:)`` where this is no comparison with a number in the source, or not of a small integer.
    @inline(never) func testOther(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        if let numbers = node.pointee.numbers.base, let number = node.pointee.first.operand(frame) {
            for index in 0..<node.pointee.numbers.count where numbers[index] == number {
                return node.pointee.operation == .contained
            }
            return node.pointee.operation == .notContained
        }
        if node.pointee.isChain { return try testChain(frame, runtime) }
        if node.pointee.isOrder, let a = node.pointee.first.operand(frame), let b = node.pointee.second.operand(frame) {
            return holds(a, b)
        }
        if let isEqual = nearEquality(frame) { return isEqual == (node.pointee.operation == .equal) }
        let left = try node.pointee.first.evaluate(frame, runtime)
        if let choices = node.pointee.choices, case .tuple(let tuple) = choices.pointee {
            let isFound = try locating(frame) { try Comparison.search(tuple.items, left) }
            return isFound == (node.pointee.operation == .contained)
        }
        let right = try node.pointee.second.evaluate(frame, runtime)
        if node.pointee.isOrder, case .int(let a) = left, case .int(let b) = right { return holds(a, b) }
        return try locating(frame) { try CompareExpression.holds(node.pointee.operation, left, right) }
    }

    /// Whether two strings at hand are equal, where this asks for that.
    @inline(__always) private func nearEquality(_ frame: Frame) -> Bool? {
        guard node.pointee.operation == .equal || node.pointee.operation == .notEqual,
            let a = node.pointee.first.peek(frame), let b = node.pointee.second.peek(frame),
            case .string(let left) = a.pointee, case .string(let right) = b.pointee
        else { return nil }
        return Value.haveSameBits(a, b) || Text.equal(left, right)
    }

    /// Whether the operation holds for integers.
    @inline(__always) func holds(_ a: Int, _ b: Int) -> Bool {
        switch node.pointee.operation {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessEqual: a <= b
        case .greater: a > b
        default: a >= b
        }
    }

    private func testChain(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        var left = try node.pointee.first.evaluate(frame, runtime)
        for part in node.pointee.rest {
            let right = try part.operand.evaluate(frame, runtime)
            guard try locating(frame, { try CompareExpression.holds(part.operation, left, right) }) else { return false }
            left = right
        }
        return true
    }

    static func holds(_ operation: Operator, _ left: Value, _ right: Value) throws -> Bool {
        switch operation {
        case .equal: try Comparison.equal(left, right)
        case .notEqual: try !Comparison.equal(left, right)
        case .less: (try Comparison.order(left, right, "<")).map { $0 < 0 } ?? false
        case .lessEqual: (try Comparison.order(left, right, "<=")).map { $0 <= 0 } ?? false
        case .greater: (try Comparison.order(left, right, ">")).map { $0 > 0 } ?? false
        case .greaterEqual: (try Comparison.order(left, right, ">=")).map { $0 >= 0 } ?? false
        case .contained: try Comparison.contains(right, left)
        case .notContained: try !Comparison.contains(right, left)
        }
    }
}
