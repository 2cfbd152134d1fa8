/// A node as what it is: a typed pointer into the syntax tree.
///
/// Trees lie in an ``Arena``, so that walking them counts no references. Whoever holds a node holds its template too.
protocol NodeView {
    /// What the node consists of; begins with a ``NodeHead``.
    associatedtype Storage
    /// What all nodes of this type are.
    static var kind: NodeKind { get }
    /// Where the node lies.
    var node: UnsafeMutablePointer<Storage> { get }
    init(node: UnsafeMutablePointer<Storage>)
}

extension NodeView {
    @inline(__always) var head: UnsafeMutablePointer<NodeHead> {
        UnsafeMutableRawPointer(node).assumingMemoryBound(to: NodeHead.self)
    }

    /// Where the node begins in the source, in bytes.
    var offset: Int { Int(head.pointee.offset) }

    /// Gives an error the place of this node, unless it has one.
    func located(_ error: any Error, _ frame: Frame) -> any Error { frame.locate(error, at: offset) }

    /// Runs `body` and gives errors the place of this node, unless they have a place.
    @inline(__always) func locating<R>(_ frame: Frame, _ body: () throws -> R) throws -> R {
        do { return try body() } catch { throw located(error, frame) }
    }
}
