/// Text and expressions between two statements.
package struct OutputStatement: NodeView {
    /// Text, behind which eight bytes more can be read, and the expression after it.
    struct Piece {
        var text: UnsafePointer<UInt8>
        var length: Int
        var expression: Expression?
    }

    struct Storage {
        var head: NodeHead
        /// The parts as they stand in the source.
        let parts: NodeList<Piece>
        /// The parts with literals as text, ready to be written where nothing is escaped.
        let pieces: NodeList<Piece>
        /// The same for where output is escaped.
        let escapedPieces: NodeList<Piece>
    }

    static let kind = NodeKind.output
    let node: UnsafeMutablePointer<Storage>

    init(node: UnsafeMutablePointer<Storage>) { self.node = node }

    /// - Parameter isEscaped: Whether literals are escaped where output is, as Jinja decides when it compiles them.
    init(_ parts: NodeList<Piece>, isEscaped: Bool, _ arena: Arena, offset: Int) {
        let hasLiterals = parts.contains { $0.expression?.kind == .literal }
        let pieces = hasLiterals ? OutputStatement.merge(parts, arena) { try $0.text() } : parts
        let escaped = hasLiterals && isEscaped ? OutputStatement.merge(parts, arena, Escaping.escaped) : pieces
        node = arena.make(
            Storage(head: NodeHead(.output, offset), parts: parts, pieces: pieces, escapedPieces: escaped))
    }

    /// The expressions among the parts.
    package var expressions: [Expression] { node.pointee.parts.compactMap(\.expression) }

    /// The parts as pieces of a text that the literals have been put into.
    private static func merge(
        _ parts: NodeList<Piece>, _ arena: Arena, _ written: (Value) throws -> String
    ) -> NodeList<Piece> {
        var text: [UInt8] = []
        var ends: [(end: Int, expression: Expression?)] = []
        for part in parts {
            text.append(contentsOf: UnsafeBufferPointer(start: part.text, count: part.length))
            guard let expression = part.expression else { continue }
            if let literal = expression.cast(LiteralExpression.self), let literalText = try? written(literal.value) {
                text.append(text: literalText)
            } else {
                ends.append((text.count, expression))
            }
        }
        ends.append((text.count, nil))
        let bytes = arena.keep(bytes: text)
        var start = 0
        let pieces = ends.map { end, expression in
            defer { start = end }
            return Piece(text: bytes + start, length: end - start, expression: expression)
        }
        return arena.list(pieces)
    }

    @inline(__always) func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        if output.isSpecial { return try executeSpecially(frame, runtime, &output) }
        let pieces = runtime.autoescapes ? node.pointee.escapedPieces : node.pointee.pieces
        if let first = pieces.base {
            for index in 0..<pieces.count {
                let piece = first + index
                if piece.pointee.length > 0 { output.bytes.append(padded: piece.pointee.text, piece.pointee.length) }
                if let expression = piece.pointee.expression {
                    try expression.nearWrite(frame, runtime, into: &output.bytes)
                }
            }
        }
        try locating(frame) { try runtime.checkOutput(output.bytes.count) }
    }

    @inline(never) private func executeSpecially(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws {
        if output.isSuppressed { return }
        if let recorder = output.recorder { return try executeRecording(recorder, frame, runtime, &output) }
        for part in node.pointee.parts {
            if part.length > 0 { output.append(UnsafeBufferPointer(start: part.text, count: part.length)) }
            guard let expression = part.expression else { continue }
            let value = try expression.evaluate(frame, runtime)
            output.parts.append(expression.constant == nil ? value : .string(try value.text()))
        }
    }

    /// Whether there is nothing but whitespace.
    var isBlank: Bool {
        node.pointee.parts.allSatisfy {
            $0.expression == nil && Lexer.isBlank(UnsafeBufferPointer(start: $0.text, count: $0.length))
        }
    }
}
