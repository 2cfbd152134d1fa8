/// Some of the names of a template in the order in which the parser met them: those of an expression, a statement or a
/// body. It saves walking the tree to find them.
struct NameSpan: Sendable {
    var start: Int32
    var end: Int32

    /// The places in the list of all names.
    var range: Range<Int> { Int(start)..<Int(end) }
}
