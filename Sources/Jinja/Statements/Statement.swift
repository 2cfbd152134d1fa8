/// A statement of a template, or a piece of its text. It lies in the memory of its template.
package struct Statement: @unchecked Sendable {
    // Points into a syntax tree, which nobody changes once its template is shared.
    let head: UnsafeMutablePointer<NodeHead>

    @inline(__always) init(_ view: some NodeView) { head = view.head }

    @inline(__always) init(head: UnsafeMutablePointer<NodeHead>) { self.head = head }

    @inline(__always) var node: Node { Node(head: head) }
    @inline(__always) var kind: NodeKind { head.pointee.kind }

    /// The statement as what it is, nil when it is something else.
    @inline(__always) func cast<View: NodeView>(_ type: View.Type = View.self) -> View? { node.cast() }

    /// The statement as what it is known to be.
    @inline(__always) func view<View: NodeView>(_ type: View.Type = View.self) -> View { node.view() }

    /// The statement as text and expressions.
    package var output: OutputStatement? { cast() }
    /// The statement as an `if`.
    package var conditional: IfStatement? { cast() }

    /// Whether the statement sets variables of the scope that it stands in.
    var setsNames: Bool {
        switch kind {
        case .set, .setBlock, .macro, .importModule, .fromImport: true
        case .ifBranches: view(IfStatement.self).node.pointee.setsNames
        default: false
        }
    }

    /// Runs the statement.
    @inline(__always) func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        switch kind {
        case .output: try view(OutputStatement.self).execute(frame, runtime, &output)
        case .ifBranches: return try view(IfStatement.self).execute(frame, runtime, &output)
        case .set: try view(SetStatement.self).execute(frame, runtime)
        case .forLoop: try view(ForStatement.self).execute(frame, runtime, &output)
        case .doExpression: _ = try view(DoStatement.self).node.pointee.expression.evaluate(frame, runtime)
        default: return try executeOther(frame, runtime, &output)
        }
        return .normal
    }

    /// ``execute(_:_:_:)`` as a function of its own.
    @inline(never) func run(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        try execute(frame, runtime, &output)
    }

    @inline(never) private func executeOther(
        _ frame: Frame, _ runtime: Runtime, _ output: inout Output
    ) throws -> Completion {
        switch kind {
        case .macro: view(MacroStatement.self).execute(frame, runtime)
        case .callBlock: try view(CallBlockStatement.self).execute(frame, runtime, &output)
        case .filterBlock: return try view(FilterBlockStatement.self).execute(frame, runtime, &output)
        case .setBlock: return try view(SetBlockStatement.self).execute(frame, runtime, &output)
        case .with: return try view(WithStatement.self).execute(frame, runtime, &output)
        case .autoescape: return try view(AutoescapeStatement.self).execute(frame, runtime, &output)
        case .block: try view(BlockStatement.self).execute(frame, runtime, &output)
        case .extends: try view(ExtendsStatement.self).execute(frame, runtime, &output)
        case .include: try view(IncludeStatement.self).execute(frame, runtime, &output)
        case .importModule: try view(ImportStatement.self).execute(frame, runtime)
        case .fromImport: try view(FromImportStatement.self).execute(frame, runtime)
        case .jump: return view(JumpStatement.self).node.pointee.completion
        case .host: try view(HostStatement.self).execute(frame, runtime, &output)
        default: break
        }
        return .normal
    }
}
