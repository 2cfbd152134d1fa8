/// What a template may use before it is stopped with an error of kind `limit`.
public struct Limits: Sendable, Hashable {
    /// How deep macro calls, includes and recursive loops may be nested.
    public var depth = 500
    /// How many loop passes and calls one render may make.
    public var steps = 100_000_000
    /// How many bytes one render may produce.
    public var outputBytes = 256 << 20
    /// How many elements a `range` may have.
    public var rangeLength = 10_000_000

    /// The default limits.
    public init() {}
}
