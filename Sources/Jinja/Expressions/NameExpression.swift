/// A variable, read or as the target of an assignment.
package final class NameExpression: Expression, @unchecked Sendable {
    package let name: String
    /// The name's number in the ``NameTable`` of the template.
    let number: Int32
    /// Where the variable lives; set by the scope resolver.
    @exclusivity(unchecked) var variable = Variable.unresolved

    init(_ name: String, number: Int32, offset: Int) {
        self.name = name
        self.number = number
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let value = frame.load(variable) {
            if case .undefined = value, value.isMissing { return runtime.undefined(.name(name)) }
            return value
        }
        return try locating(frame) { try frame.resolve(variable, name, runtime) }
    }

    override func write(_ frame: Frame, _ runtime: Runtime, into output: inout TextBuffer) throws {
        guard !runtime.autoescapes, let value = frame.load(variable), !value.isUndefined else {
            return try super.write(frame, runtime, into: &output)
        }
        switch value {
        case .int(let number): output.append(integer: number)
        case .string(let text): output.append(text: text)
        default: try locating(frame) { try value.write(into: &output) }
        }
    }

    override var targetDescription: String { "name" }
}
