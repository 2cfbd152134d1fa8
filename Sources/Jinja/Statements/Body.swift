/// The statements between two tags.
public struct Body: Sendable {
    package private(set) var statements: [Statement] = []
    /// Whether a statement sets variables of the scope that the body stands in.
    private(set) var setsNames = false
    /// The names between the tags, where the parser has noted them.
    var nameSpan: NameSpan?

    init(_ statements: [Statement] = []) { append(statements) }

    /// Adds statements at the end.
    mutating func append(_ more: [Statement]) { for statement in more { append(statement) } }

    /// Adds a statement at the end.
    mutating func append(_ statement: Statement) {
        statements.append(statement)
        if statement.setsNames { setsNames = true }
    }

    /// Runs the statements in order until one leaves a loop.
    func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        // The tree outlives every render, so walking it needs no reference counting.
        try statements.withUnsafeBufferPointer { statements in
            for index in statements.indices {
                let completion = try Unmanaged.passUnretained(statements[index])._withUnsafeGuaranteedRef {
                    try $0.execute(frame, runtime, &output)
                }
                if completion != .normal { return completion }
            }
            return .normal
        }
    }

    package func visitChildren(_ visit: (Node) -> Void) { statements.forEach(visit) }
}
