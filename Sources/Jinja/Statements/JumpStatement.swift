/// `{% break %}` or `{% continue %}`.
final class JumpStatement: Statement, @unchecked Sendable {
    private let completion: Completion

    init(_ completion: Completion, offset: Int) {
        self.completion = completion
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion { completion }
}
