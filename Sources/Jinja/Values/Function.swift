/// A host function that templates can call.
///
/// ```swift
/// environment.globals["upper"] = .function("upper") { arguments, _ in
///     .string(try arguments.string(0, "text", of: "upper").uppercased())
/// }
/// ```
public final class Function: Object {
    /// The body of a function.
    public typealias Body = (Arguments, Runtime) throws -> Value

    /// The name for error messages.
    public let name: String
    private let body: Body

    /// Makes a function.
    public init(_ name: String, _ body: @escaping Body) {
        self.name = name
        self.body = body
    }

    override public var typeName: String { "function" }
    override public var isCallable: Bool { true }
    override public var repr: String { "<function \(name)>" }
    override public func call(_ arguments: Arguments, _ runtime: Runtime) throws -> Value { try body(arguments, runtime) }
}

extension Value {
    /// A value that calls the given host function.
    public static func function(_ name: String, _ body: @escaping Function.Body) -> Value {
        .object(Function(name, body))
    }
}
