/// How far before the last cursor an incremental sync reads again, for rows that are committed after others with a greater
/// cursor.
package enum LookBack: Sendable, Hashable {
    /// For timestamps and dates.
    case seconds(Int)
    /// For numbers.
    case units(Int)
}
