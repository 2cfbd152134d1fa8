/// The name of a task, unique in its pipeline; members of groups carry the group's path in front, as `transformations.orders.run`.
package struct TaskID: Sendable, Hashable, Comparable, RawRepresentable, CustomStringConvertible,
    ExpressibleByStringInterpolation
{
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.rawValue = value }

    package var description: String { rawValue }
    package static func < (a: TaskID, b: TaskID) -> Bool { a.rawValue < b.rawValue }
}
