/// Elements that can be gone through once, such as the result of `map`.
public final class Generator: Object {
    private let name: String
    private var remaining: [Value]

    /// Makes a generator of the given elements.
    public init(_ name: String, _ elements: [Value]) {
        self.name = name
        remaining = elements
    }

    override public var typeName: String { "generator" }
    override public var isTruthy: Bool { true }
    override public var repr: String { "<generator object \(name)>" }

    override public func iterate() throws -> [Value]? {
        var elements: [Value] = []
        swap(&elements, &remaining)
        return elements
    }
}
