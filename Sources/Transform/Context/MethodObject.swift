import Jinja

/// An object whose attributes are fields and methods, found by name.
class MethodObject: Object {
    /// The names that ``invoke(_:_:_:)`` knows.
    var methods: Set<String> { [] }

    /// A field; nil where there is none of the name.
    func field(_ name: String, _ runtime: Runtime) throws -> Value? { nil }

    /// Calls a method of ``methods``.
    func invoke(_ method: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value { .none }

    override final func attribute(_ name: String, _ runtime: Runtime) throws -> Value? {
        if let value = try field(name, runtime) { return value }
        guard methods.contains(name) else { return nil }
        return .function("\(typeName).\(name)") { arguments, runtime in try self.invoke(name, arguments, runtime) }
    }

    override final func callMethod(_ name: String, _ arguments: Arguments, _ runtime: Runtime) throws -> Value? {
        guard methods.contains(name) else { return nil }
        return try invoke(name, arguments, runtime)
    }

    override func item(_ key: Value, _ runtime: Runtime) throws -> Value? {
        guard let name = key.stringValue else { return nil }
        return try attribute(name, runtime)
    }
}
