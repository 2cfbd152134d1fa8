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

    init(_ first: Expression, _ rest: [(operation: Operator, operand: Expression)], offset: Int) {
        self.first = first
        self.rest = rest
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .bool(try test(frame, runtime)) }

    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
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
