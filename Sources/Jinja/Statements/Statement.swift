/// A statement of a template, or a piece of its text.
public class Statement: Node, @unchecked Sendable {
    /// Runs the statement.
    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion { .normal }
}
