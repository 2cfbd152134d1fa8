/// A node of a syntax tree: an expression or a statement.
struct Node {
    let head: UnsafeMutablePointer<NodeHead>

    /// What the node is.
    @inline(__always) var kind: NodeKind { head.pointee.kind }

    /// The node as what it is, nil when it is something else.
    @inline(__always) func cast<View: NodeView>(_ type: View.Type = View.self) -> View? {
        kind == View.kind ? view() : nil
    }

    /// The node as what it is known to be.
    @inline(__always) func view<View: NodeView>(_ type: View.Type = View.self) -> View {
        View(node: UnsafeMutableRawPointer(head).assumingMemoryBound(to: View.Storage.self))
    }

    /// Calls `visit` with this node and everything below; the closure says whether to go deeper.
    func walk(_ visit: (Node) -> Bool) {
        guard visit(self) else { return }
        visitChildren { $0.walk(visit) }
    }
}
