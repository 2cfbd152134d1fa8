/// `a ~ b ~ c`: the texts joined.
struct ConcatenationExpression: NodeView {
    struct Storage {
        var head: NodeHead
        let parts: NodeList<Expression>
        /// Whether the result is plain text even where parts are safe: so it is where only rendering tells whether output is
        /// escaped.
        let isPlain: Bool
    }

    static let kind = NodeKind.concatenation
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    init(_ parts: NodeList<Expression>, isPlain: Bool, _ arena: Arena, offset: Int) {
        let head = NodeHead(.concatenation, offset, height: (parts.map(\.height).max() ?? 0) + 1)
        node = arena.make(Storage(head: head, parts: parts, isPlain: isPlain))
    }

    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if runtime.autoescapes { return try joinMarkup(frame, runtime) }
        return .string(try Arithmetic.checked(try runtime.text { try write(frame, runtime, into: &$0) }))
    }

    /// Appends the text where nothing is escaped.
    func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        for part in node.pointee.parts { try part.write(frame, runtime, into: &output) }
    }

    /// Once one part is safe text the result is, and the others are escaped.
    private func joinMarkup(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let values = try node.pointee.parts.map { try $0.evaluate(frame, runtime) }
        return try locating(frame) {
            guard !node.pointee.isPlain, values.contains(where: \.isMarkup) else {
                return .string(try Arithmetic.checked(try values.map { try $0.text() }.joined()))
            }
            return .markup(try Arithmetic.checked(try values.map { try Escaping.escaped($0) }.joined()))
        }
    }
}
