/// `value | name(arguments)`, or a filter of a block, which has no value of its own.
package final class FilterExpression: Expression, @unchecked Sendable {
    package let value: Expression?
    package let name: String
    package let arguments: CallArguments
    private let filter: Filter?

    init(_ value: Expression?, _ name: String, _ arguments: CallArguments, _ filter: Filter?, offset: Int) {
        self.value = value
        self.name = name
        self.arguments = arguments
        self.filter = filter
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        try apply(to: nil, frame, runtime)
    }

    /// Applies the filter, the innermost one of a chain without value to `block`.
    func apply(to block: Value?, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        let input: Value
        if let inner = value as? FilterExpression {
            input = try inner.apply(to: block, frame, runtime)
        } else if let value {
            input = try value.evaluate(frame, runtime)
        } else {
            input = block ?? .none
        }
        return try locating(frame) {
            let values = try arguments.evaluate(frame, runtime)
            guard let filter else { throw TemplateError.runtime("No filter named '\(name)' found.") }
            return try filter(input, values, runtime)
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        if let value { visit(value) }
        arguments.visitChildren(visit)
    }
    override var targetDescription: String { "filter" }
}
