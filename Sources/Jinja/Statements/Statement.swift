/// A statement of a template, or a piece of its text.
public class Statement: Node, @unchecked Sendable {
    /// The names in a statement that does nothing but read them, where the parser has noted them.
    @exclusivity(unchecked) final var nameSpan: NameSpan?

    /// Whether the statement sets variables of the scope that it stands in.
    var setsNames: Bool { false }

    /// Runs the statement.
    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion { .normal }
}
