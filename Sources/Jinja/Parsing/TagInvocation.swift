/// A tag of the host while it runs.
public struct TagInvocation {
    /// The values of the tag's expressions.
    public let arguments: [Value]
    /// The runtime.
    public let runtime: Runtime
    let body: Body
    let frame: Frame

    /// Renders the body of the tag.
    public func renderBody() throws -> Value {
        var output = Output(isNative: frame.context.isNative)
        _ = try body.execute(frame, runtime, &output)
        return try output.value(runtime)
    }
}
