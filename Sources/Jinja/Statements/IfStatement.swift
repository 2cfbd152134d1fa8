/// `{% if %}` with its `elif` and `else` branches.
package final class IfStatement: Statement, @unchecked Sendable {
    package let branches: [(condition: Expression, body: Body)]
    package let otherwise: Body
    private let setsInside: Bool
    private let condition: Expression
    private let body: Body
    private let others: [(condition: Expression, body: Body)]

    /// - Precondition: There is at least one branch.
    init(_ branches: [(condition: Expression, body: Body)], otherwise: Body, offset: Int) {
        self.branches = branches
        self.otherwise = otherwise
        (condition, body) = branches[0]
        others = Array(branches.dropFirst())
        setsInside = otherwise.setsNames || branches.contains { $0.body.setsNames }
        super.init(offset: offset)
    }

    override var setsNames: Bool { setsInside }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if try condition.test(frame, runtime) { return try body.execute(frame, runtime, &output) }
        if !others.isEmpty {
            for branch in others where try branch.condition.test(frame, runtime) {
                return try branch.body.execute(frame, runtime, &output)
            }
        }
        return try otherwise.execute(frame, runtime, &output)
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        for branch in branches {
            visit(branch.condition)
            branch.body.visitChildren(visit)
        }
        otherwise.visitChildren(visit)
    }
}
