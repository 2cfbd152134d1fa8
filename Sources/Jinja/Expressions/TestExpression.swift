/// `value is name(arguments)`.
package final class TestExpression: Expression, @unchecked Sendable {
    /// A test of Jinja's that needs no call.
    private enum Shortcut {
        case defined, undefined, none, odd, even, string
        case divisible(Int)
    }

    package let value: Expression
    package let name: String
    package let arguments: CallArguments
    private let tester: TestBox
    /// The arguments, when all of them are literals.
    private let literals: Arguments
    private let hasLiterals: Bool
    private let shortcut: Shortcut?

    init(_ value: Expression, _ name: String, _ arguments: CallArguments, _ tests: FunctionTable<TestBox>, offset: Int) {
        self.value = value
        self.name = name
        self.arguments = arguments
        let standard = tests.standard(name)
        tester =
            tests.fitting(name, arguments)
            ?? TestBox { _, _, _ in throw TemplateError.runtime("No test named '\(name)' found.") }
        let literals = arguments.literals
        self.literals = literals ?? Arguments()
        hasLiterals = literals != nil
        shortcut = standard == nil ? nil : literals.flatMap { TestExpression.shortcut(name, $0) }
        super.init(offset: offset)
    }

    private static func shortcut(_ name: String, _ arguments: Arguments) -> Shortcut? {
        if arguments.count == 1, name == "divisibleby", case .int(let number)? = arguments.positional.first, number > 0 {
            return .divisible(number)
        }
        guard arguments.count == 0 else { return nil }
        switch name {
        case "defined": return .defined
        case "undefined": return .undefined
        case "none": return Shortcut.none
        case "odd": return .odd
        case "even": return .even
        case "string": return .string
        default: return nil
        }
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .bool(try test(frame, runtime)) }

    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let input = try value.evaluate(frame, runtime)
        if let shortcut {
            switch (shortcut, input) {
            case (.defined, _): return !input.isUndefined
            case (.undefined, _): return input.isUndefined
            case (.none, _): return input.isNone
            case (.string, _): return input.isString
            case (.odd, .int(let number)): return number & 1 == 1
            case (.even, .int(let number)): return number & 1 == 0
            case (.divisible(let divisor), .int(let number)): return number % divisor == 0
            default: break
            }
        }
        do {
            if hasLiterals { return try tester.body(input, literals, runtime) }
            return try tester.body(input, try arguments.evaluate(frame, runtime), runtime)
        } catch { throw frame.locate(error, at: offset) }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(value)
        arguments.visitChildren(visit)
    }
    override var targetDescription: String { "test" }
}
