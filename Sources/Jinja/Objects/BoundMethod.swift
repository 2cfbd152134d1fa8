/// A method of a value, taken as a value itself.
final class BoundMethod: Object {
    private let receiver: Value
    private let name: String

    init(of receiver: Value, _ name: String) {
        self.receiver = receiver
        self.name = name
    }

    override var typeName: String { "builtin_function_or_method" }
    override var isCallable: Bool { true }
    override var repr: String { "<built-in method \(name) of \(receiver.typeName) object>" }
    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? BoundMethod else { return false }
        return name == other.name && Comparison.identical(receiver, other.receiver)
    }

    override func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value {
        if case .object(let object) = receiver {
            if let result = try object.callMethod(name, arguments, runtime) { return result }
        } else if let method = Method.named[name], let result = try Methods.call(method, receiver, arguments, runtime) {
            return result
        }
        throw TemplateError.type("'\(receiver.typeName)' object has no method '\(name)'")
    }
}
