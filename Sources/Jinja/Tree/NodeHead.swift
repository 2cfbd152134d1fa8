/// What every node of a syntax tree begins with.
struct NodeHead {
    let kind: NodeKind
    /// How high the tree of an expression is, which bounds the recursion of evaluation.
    var height: UInt16 = 1
    /// Where the node begins in the source, in bytes.
    let offset: UInt32
    /// The names in an expression, or in a statement that does nothing but read them, where the parser has noted them.
    var names = NameSpan.none

    init(_ kind: NodeKind, _ offset: Int, height: UInt16 = 1) {
        self.kind = kind
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.height = height
    }
}
