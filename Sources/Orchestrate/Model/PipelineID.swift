/// The name of a pipeline, unique in a project.
package struct PipelineID: Sendable, Hashable, Comparable, RawRepresentable, CustomStringConvertible,
    ExpressibleByStringInterpolation
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.rawValue = value }

    package var description: String { rawValue }
    package static func < (a: PipelineID, b: PipelineID) -> Bool { a.rawValue < b.rawValue }
}
