/// A global of an environment. Each render makes its own value of it, since values belong to one render.
public struct Global: Sendable {
    let make: @Sendable () -> Value

    /// A global whose value is made by a closure.
    public init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    /// A function.
    public static func function(
        _ name: String, _ body: @escaping @Sendable (Arguments, Runtime) throws -> Value
    ) -> Global {
        Global { .object(Function(name, body)) }
    }
}
