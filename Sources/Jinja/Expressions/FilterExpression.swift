/// `value | name(arguments)`, or a filter of a block, which has no value of its own.
package final class FilterExpression: Expression, @unchecked Sendable {
    package let value: Expression?
    package let name: String
    package let arguments: CallArguments
    private let filter: FilterBox
    /// The arguments, when all of them are literals.
    private let literals: Arguments
    private let hasLiterals: Bool
    private let isChained: Bool
    /// Whether this is Jinja's `default` with one argument.
    private let isDefault: Bool

    init(_ value: Expression?, _ name: String, _ arguments: CallArguments, _ filters: FunctionTable<FilterBox>, offset: Int) {
        self.value = value
        self.name = name
        self.arguments = arguments
        let standard = filters.standard(name)
        filter =
            filters.fitting(name, arguments)
            ?? FilterBox { _, _, _ in throw TemplateError.runtime("No filter named '\(name)' found.") }
        let literals = arguments.literals
        self.literals = literals ?? Arguments()
        hasLiterals = literals != nil
        isChained = value is FilterExpression
        isDefault = standard != nil && (name == "default" || name == "d") && literals?.count == 1 && arguments.named.isEmpty
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value {
        if let value {
            let input = try value.evaluate(frame, runtime)
            if isDefault { return input.isUndefined ? literals.positional[0] : input }
            return try call(input, frame, runtime)
        }
        return try apply(to: .none, frame, runtime)
    }

    /// Applies the filter, the innermost one of a chain without value to `block`.
    func apply(to block: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        let input: Value
        if isChained, let inner = value as? FilterExpression {
            input = try inner.apply(to: block, frame, runtime)
        } else if let value {
            input = try value.evaluate(frame, runtime)
        } else {
            input = block
        }
        return try call(input, frame, runtime)
    }

    private func call(_ input: Value, _ frame: Frame, _ runtime: Runtime) throws -> Value {
        do {
            if hasLiterals { return try filter.body(input, literals, runtime) }
            return try filter.body(input, try arguments.evaluate(frame, runtime), runtime)
        } catch { throw frame.locate(error, at: offset) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        if let value { visit(value) }
        arguments.visitChildren(visit)
    }
    override var targetDescription: String { "filter" }
}
