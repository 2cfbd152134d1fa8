/// The statements between two tags.
public struct Body: Sendable {
    package var statements: [Statement] = []

    /// Runs the statements in order until one leaves a loop.
    @inline(__always)
    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        for statement in statements {
            let completion = try statement.execute(frame, runtime, &output)
            if completion != .normal { return completion }
        }
        return .normal
    }

    package func visitChildren(_ visit: (Node) -> Void) { statements.forEach(visit) }
}
