/// A chain of comparisons, such as `a < b <= c`.
package final class CompareExpression: Expression, @unchecked Sendable {
    enum Operator: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessEqual = "<="
        case greater = ">"
        case greaterEqual = ">="
        case contained = "in"
        case notContained = "not in"
    }

    package let first: Expression
    let rest: [(operation: Operator, operand: Expression)]
    /// The first of ``rest``, which is nearly always the only one.
    private let operation: Operator
    private let second: Expression
    private let isChain: Bool
    /// Whether the operation compares, as opposed to searches.
    private let isOrder: Bool
    /// The second operand, when it is a small integer in the source.
    private let number: Int?
    /// The items of a list or tuple of literals that something is searched in.
    private let choices: [Value]?

    init(_ first: Expression, _ rest: [(operation: Operator, operand: Expression)], offset: Int) {
        self.first = first
        self.rest = rest
        (operation, second) = rest.first ?? (.equal, first)
        isChain = rest.count > 1
        choices = CompareExpression.choices(second)
        isOrder = operation != .contained && operation != .notContained
        if isOrder, let literal = second as? LiteralExpression, case .int(let value) = literal.value {
            number = value
        } else {
            number = nil
        }
        super.init(offset: offset)
    }

    private static func choices(_ expression: Expression) -> [Value]? {
        guard let sequence = expression as? SequenceExpression else { return nil }
        let literals = sequence.items.compactMap { ($0 as? LiteralExpression)?.value }
        return literals.count == sequence.items.count ? literals : nil
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .bool(try test(frame, runtime)) }

    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        if isChain { return try testChain(frame, runtime) }
        let left = try first.evaluate(frame, runtime)
        if !isOrder, let choices {
            let isFound = try locating(frame) { try Comparison.search(choices, left) }
            return isFound == (operation == .contained)
        }
        if let number, case .int(let a) = left { return holds(a, number) }
        let right = try second.evaluate(frame, runtime)
        if isOrder, case .int(let a) = left, case .int(let b) = right { return holds(a, b) }
        return try locating(frame) { try CompareExpression.holds(operation, left, right) }
    }

    @inline(__always) private func holds(_ a: Int, _ b: Int) -> Bool {
        switch operation {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessEqual: a <= b
        case .greater: a > b
        default: a >= b
        }
    }

    private func testChain(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        var left = try first.evaluate(frame, runtime)
        for (operation, operand) in rest {
            let right = try operand.evaluate(frame, runtime)
            guard try locating(frame, { try CompareExpression.holds(operation, left, right) }) else { return false }
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

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(first)
        for part in rest { visit(part.operand) }
    }
    override var targetDescription: String { "compare" }
}
