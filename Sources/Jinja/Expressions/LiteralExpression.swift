/// A number, string, truth value or `none`, or what operators and filters make of such.
///
/// The value is one of those that cannot change, so that threads can share it.
struct LiteralExpression: NodeView {
    struct Storage {
        var head: NodeHead
        /// Kept by the ``Arena``.
        let value: UnsafeMutablePointer<Value>
    }

    static let kind = NodeKind.literal
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ value: Value, _ arena: Arena, offset: Int) {
        node = arena.make(Storage(head: NodeHead(.literal, offset), value: arena.keep(value)))
    }

    /// The value.
    @inline(__always) var value: Value { node.pointee.value.pointee }
}
