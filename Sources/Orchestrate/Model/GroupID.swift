/// The path of a group of tasks, its levels separated by dots, as `transformations.orders`.
package struct GroupID: Sendable, Hashable, Comparable, RawRepresentable, CustomStringConvertible,
    ExpressibleByStringInterpolation
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.rawValue = value }

    package var description: String { rawValue }
    package static func < (a: GroupID, b: GroupID) -> Bool { a.rawValue < b.rawValue }
}

extension GroupID {
    /// The group that this one lies in; nil at the outermost level.
    package var parent: GroupID? {
        rawValue.lastIndex(of: ".").map { GroupID(String(rawValue[..<$0])) }
    }
}
