/// A node of the syntax tree, which is evaluated by walking it.
///
/// Trees are shared between threads. The parser makes nodes and the scope resolver fills in the places of variables;
/// both happen in `Template.init` before anybody else sees the tree, and nothing changes afterwards. That makes
/// `@unchecked Sendable` right for this class and its subclasses.
public class Node: @unchecked Sendable {
    /// Where the node begins in the source, in bytes.
    package let offset: Int
    /// How high the tree of an expression is, which bounds the recursion of evaluation; set by the parser.
    @exclusivity(unchecked) final var height: UInt16 = 1

    init(offset: Int) { self.offset = offset }

    /// Calls `visit` with each direct child.
    package func visitChildren(_ visit: (Node) -> Void) {}

    /// Calls `visit` with this node and everything below; the closure says whether to go deeper.
    package func walk(_ visit: (Node) -> Bool) {
        guard visit(self) else { return }
        visitChildren { $0.walk(visit) }
    }

    /// Runs `body` and gives errors the place of this node, unless they have a place.
    @inline(__always) final func locating<R>(_ frame: Frame, _ body: () throws -> R) throws -> R {
        do { return try body() } catch { throw frame.locate(error, at: offset) }
    }
}
