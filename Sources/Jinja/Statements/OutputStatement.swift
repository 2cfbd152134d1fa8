/// Text and expressions between two statements.
package final class OutputStatement: Statement, @unchecked Sendable {
    /// A piece of output.
    package enum Part: Sendable {
        case text(Range<Int>)
        case expression(Expression)
    }

    /// Text, and the expression after it.
    private struct Piece {
        var start: Int
        var length: Int
        /// Owned by ``OutputStatement/parts``.
        var expression: Unmanaged<Expression>?
    }

    package let parts: [Part]
    private let bytes: [UInt8]
    /// The parts with literals as text, ready to be written.
    private let pieces: [Piece]
    /// The text of the pieces.
    private let text: [UInt8]

    /// - Parameter bytes: The bytes which the text parts are ranges of.
    /// - Parameter isEscaped: Whether the output may be escaped, so that literals are not yet text.
    init(_ parts: [Part], in bytes: [UInt8], isEscaped: Bool, offset: Int) {
        self.parts = parts
        self.bytes = bytes
        let hasLiterals = !isEscaped && parts.contains { OutputStatement.literal($0) != nil }
        (pieces, text) = hasLiterals ? OutputStatement.merge(parts, bytes) : (OutputStatement.list(parts), bytes)
        super.init(offset: offset)
    }

    private static func literal(_ part: Part) -> Value? {
        guard case .expression(let expression as LiteralExpression) = part else { return nil }
        return expression.value
    }

    /// The parts as pieces of the same bytes.
    private static func list(_ parts: [Part]) -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(parts.count / 2 + 1)
        var pending = Piece(start: 0, length: 0)
        for part in parts {
            switch part {
            case .text(let range):
                if pending.length > 0 { pieces.append(pending) }
                pending = Piece(start: range.lowerBound, length: range.count)
            case .expression(let expression):
                pending.expression = .passUnretained(expression)
                pieces.append(pending)
                pending = Piece(start: 0, length: 0)
            }
        }
        if pending.length > 0 { pieces.append(pending) }
        return pieces
    }

    /// The parts as pieces of a text that the literals have been put into.
    private static func merge(_ parts: [Part], _ bytes: [UInt8]) -> ([Piece], [UInt8]) {
        var text: [UInt8] = []
        var pieces: [Piece] = []
        var start = 0
        for part in parts {
            if let literal = literal(part), let written = try? literal.text() {
                text.append(text: written)
                continue
            }
            switch part {
            case .text(let range): text.append(contentsOf: bytes[range])
            case .expression(let expression):
                pieces.append(Piece(start: start, length: text.count - start, expression: .passUnretained(expression)))
                start = text.count
            }
        }
        if text.count > start { pieces.append(Piece(start: start, length: text.count - start)) }
        return (pieces, text)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if output.isSuppressed { return .normal }
        if output.isNative { return try executeNative(frame, runtime, &output) }
        try pieces.withUnsafeBufferPointer { pieces in
            for piece in pieces {
                if piece.length > 0 {
                    text.withUnsafeBufferPointer { text in
                        if let start = text.baseAddress { output.bytes.append(start + piece.start, piece.length) }
                    }
                }
                try piece.expression?._withUnsafeGuaranteedRef { try $0.write(frame, runtime, into: &output.bytes) }
            }
        }
        try runtime.checkOutput(output.bytes.count)
        return .normal
    }

    private func executeNative(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        for part in parts {
            switch part {
            case .text(let range):
                bytes.withUnsafeBufferPointer { output.append(UnsafeBufferPointer(rebasing: $0[range])) }
            case .expression(let expression):
                let value = try expression.evaluate(frame, runtime)
                output.parts.append(expression.constant == nil ? value : .string(try value.text()))
            }
        }
        return .normal
    }

    /// Whether there is nothing but whitespace.
    var isBlank: Bool {
        parts.allSatisfy {
            guard case .text(let range) = $0 else { return false }
            return Lexer.trimmedEnd(bytes, range.lowerBound, range.upperBound) == range.lowerBound
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        for case .expression(let expression) in parts { visit(expression) }
    }
}
