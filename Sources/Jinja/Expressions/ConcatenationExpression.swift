/// `a ~ b ~ c`: the texts joined.
package final class ConcatenationExpression: Expression, @unchecked Sendable {
    package let parts: [Expression]

    init(_ parts: [Expression], offset: Int) {
        self.parts = parts
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if runtime.autoescapes { return try joinMarkup(frame, runtime) }
        var bytes = TextBuffer()
        for part in parts {
            let value = try part.evaluate(frame, runtime)
            try locating(frame) { try value.write(into: &bytes) }
        }
        return .string(bytes.string)
    }

    /// Once one part is safe text the result is, and the others are escaped.
    private func joinMarkup(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        let values = try parts.map { try $0.evaluate(frame, runtime) }
        return try locating(frame) {
            guard values.contains(where: \.isMarkup) else { return .string(try values.map { try $0.text() }.joined()) }
            return .markup(try values.map { try Escaping.escaped($0) }.joined())
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) { parts.forEach(visit) }
    override var targetDescription: String { "concat" }
}
