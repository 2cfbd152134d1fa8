/// Text and expressions between two statements.
package final class OutputStatement: Statement, @unchecked Sendable {
    /// A piece of output.
    package enum Part: Sendable {
        case text(Range<Int>)
        case expression(Expression)
    }

    package let parts: [Part]
    private let bytes: [UInt8]

    /// - Parameter bytes: The bytes which the text parts are ranges of.
    init(_ parts: [Part], in bytes: [UInt8], offset: Int) {
        self.parts = parts
        self.bytes = bytes
        super.init(offset: offset)
    }

    override func execute(_ frame: Frame, _ runtime: Runtime, _ output: inout Output) throws -> Completion {
        if output.isSuppressed { return .normal }
        if output.isNative { return try executeNative(frame, runtime, &output) }
        try parts.withUnsafeBufferPointer { parts in
            for index in parts.indices {
                switch parts[index] {
                case .text(let range):
                    bytes.withUnsafeBufferPointer {
                        output.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
                    }
                case .expression(let expression): try expression.write(frame, runtime, into: &output.bytes)
                }
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
