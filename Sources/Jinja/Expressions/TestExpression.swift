/// `value is name(arguments)`.
package final class TestExpression: Expression, @unchecked Sendable {
    package let value: Expression
    package let name: String
    package let arguments: CallArguments
    private let tester: Test?

    init(_ value: Expression, _ name: String, _ arguments: CallArguments, _ test: Test?, offset: Int) {
        self.value = value
        self.name = name
        self.arguments = arguments
        tester = test
        super.init(offset: offset)
    }

    override func evaluate(_ frame: Frame, _ runtime: Runtime) throws -> Value { .bool(try test(frame, runtime)) }

    override func test(_ frame: Frame, _ runtime: Runtime) throws -> Bool {
        let input = try value.evaluate(frame, runtime)
        return try locating(frame) {
            let values = try arguments.evaluate(frame, runtime)
            guard let tester else { throw TemplateError.runtime("No test named '\(name)' found.") }
            return try tester(input, values, runtime)
        }
    }

    override package func visitChildren(_ visit: (Node) -> Void) {
        visit(value)
        arguments.visitChildren(visit)
    }
    override var targetDescription: String { "test" }
}
