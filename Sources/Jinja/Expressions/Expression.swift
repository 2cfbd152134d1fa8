/// An expression of a template.
///
/// It lies in the memory of its template: hold the template, or the parser that reads it, as long as you use it.
public struct Expression: @unchecked Sendable {
    // Points into a syntax tree, which nobody changes once its template is shared.
    let head: UnsafeMutablePointer<NodeHead>

    @inline(__always) init(_ view: some NodeView) { head = view.head }

    @inline(__always) init(head: UnsafeMutablePointer<NodeHead>) { self.head = head }

    @inline(__always) var node: Node { Node(head: head) }
    @inline(__always) var kind: NodeKind { head.pointee.kind }
    @inline(__always) var height: UInt16 { head.pointee.height }

    /// Where the expression begins in the source, in bytes.
    package var offset: Int { Int(head.pointee.offset) }

    /// The expression as what it is, nil when it is something else.
    @inline(__always) func cast<View: NodeView>(_ type: View.Type = View.self) -> View? { node.cast() }

    /// The expression as what it is known to be.
    @inline(__always) func view<View: NodeView>(_ type: View.Type = View.self) -> View { node.view() }

    /// The expression as a call.
    package var call: CallExpression? { cast() }
    /// The expression as an attribute.
    package var attribute: AttributeExpression? { cast() }
    /// The expression as a variable.
    package var name: NameExpression? { cast() }

    /// Runs `body` and gives errors the place of this expression, unless they have a place.
    @inline(__always) func locating<R>(_ frame: Frame, _ body: () throws -> R) throws -> R {
        do { return try body() } catch { throw frame.locate(error, at: offset) }
    }

    /// How messages name the expression as a target of an assignment.
    var targetDescription: String {
        switch kind {
        case .attribute: "getattr"
        case .item, .slice: "getitem"
        case .call: "call"
        case .filter: "filter"
        case .test: "test"
        case .binary: view(BinaryExpression.self).targetDescription
        case .compare: "compare"
        case .logical: view(LogicalExpression.self).node.pointee.isAnd ? "and" : "or"
        case .not: "not"
        case .sign: view(SignExpression.self).node.pointee.isNegative ? "neg" : "pos"
        case .concatenation: "concat"
        case .conditional: "condexpr"
        case .sequence: view(SequenceExpression.self).isTuple ? "tuple" : "list"
        case .dict: "dict"
        case .literal: "const"
        case .name: "name"
        case .namespaceTarget: "nsref"
        default: "expression"
        }
    }
}
