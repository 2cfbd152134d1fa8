/// An expression of a template.
public class Expression: Node, @unchecked Sendable {
    /// The names in the tree below, where the parser has noted them.
    @exclusivity(unchecked) final var nameSpan: NameSpan?

    /// The value in a frame.
    func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .none }

    /// Whether the value is true in a frame.
    func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let value = try evaluate(frame, runtime)
        if case .bool(let flag) = value { return flag }
        return try locating(frame) { try value.truth() }
    }

    /// Appends the text of the value.
    func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        let value = try evaluate(frame, runtime)
        if !runtime.autoescapes {
            switch value {
            case .string(let text): return output.append(text: text)
            case .int(let number): return output.append(integer: number)
            default: break
            }
        }
        try locating(frame) { try runtime.write(value, into: &output) }
    }

    /// The value of an expression made of literals only, else nil.
    package var constant: Value? { nil }

    /// How messages name the expression as a target of an assignment.
    var targetDescription: String { "expression" }
}
