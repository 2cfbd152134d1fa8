/// The statements between two tags. They lie in the memory of their template.
public struct Body: @unchecked Sendable {
    // Points into a syntax tree, which nobody changes once its template is shared.
    let list: NodeList<Statement>
    /// Whether a statement sets variables of the scope that the body stands in.
    let setsNames: Bool
    /// The names between the tags, where the parser has noted them.
    let names: NameSpan
    /// The statements as steps, where this is the body of a loop.
    var program: LoopProgram?

    /// No statements.
    init() { self.init(NodeList(), setsNames: false, names: .none) }

    init(_ list: NodeList<Statement>, setsNames: Bool, names: NameSpan) {
        self.list = list
        self.setsNames = setsNames
        self.names = names
    }

    /// The statements.
    package var statements: [Statement] { Array(list) }

    /// The steps, where there are some and the output is as they need it.
    @inline(__always) func program(_ runtime: Runtime, _ output: borrowing Output) -> LoopProgram? {
        output.isSpecial || runtime.autoescapes ? nil : program
    }

    /// Runs the statements in order until one leaves a loop.
    @inline(never) func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        guard let first = list.base else { return .normal }
        for index in 0..<list.count {
            let completion = try first[index].execute(frame, runtime, &output)
            if completion != .normal { return completion }
        }
        return .normal
    }

    func visitChildren(_ visit: (Node) -> Void) { for statement in list { visit(statement.node) } }
}
