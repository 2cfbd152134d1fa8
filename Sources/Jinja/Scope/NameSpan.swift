/// Some of the names of a template in the order in which the parser met them: those of an expression, a statement or a
/// body. It saves walking the tree to find them.
struct NameSpan: Sendable {
    var start: Int32
    var end: Int32

    /// Not noted.
    static let none = NameSpan(start: -1, end: -1)

    /// Whether the names were noted.
    @inline(__always) var isKnown: Bool { start >= 0 }

    /// The places in the list of all names.
    var range: Range<Int> { Int(start)..<Int(end) }
}
