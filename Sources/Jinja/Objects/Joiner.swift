/// `joiner(separator)`: nothing at the first call, the separator afterwards.
final class Joiner: Object {
    private let separator: Value
    private var isUsed = false

    init(_ separator: Value) { self.separator = separator }

    override var typeName: String { "Joiner" }
    override var isCallable: Bool { true }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        defer { isUsed = true }
        return isUsed ? separator : ""
    }
}
