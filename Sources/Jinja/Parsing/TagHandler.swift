/// Parses a tag of the host; see ``Environment/tags``. It starts after the tag's name and ends before the closing delimiter.
///
/// ```swift
/// environment.tags["test"] = { parser in
///     let name = try parser.expectName()
///     let signature = try parser.parseSignature()
///     return .macro(name: "test_\(name)", signature, try parser.parseBody(until: "endtest"))
/// }
/// ```
public typealias TagHandler = @Sendable (TagParser) throws -> TagResult

/// What a tag of the host means.
public enum TagResult {
    /// Nothing to do when rendering.
    case nothing
    /// The body stands in place of the tag.
    case body(Body)
    /// A macro of the given name, which appears in ``Template/macros``.
    case macro(name: String, Signature, Body, metadata: [String: String] = [:])
    /// Code of the host that runs when rendering.
    case statement([Expression], Body, @Sendable (TagInvocation) throws -> Value)
}

/// The parameters of a macro as the parser read them.
public struct Signature {
    var parameters: [MacroCode.Parameter] = []
    var defaults: [Range<Int>?] = []

    /// No parameters.
    public static var empty: Signature { Signature() }
}
