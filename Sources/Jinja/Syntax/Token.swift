/// A token as a kind and a range of source bytes.
struct Token {
    var kind: TokenKind
    var start: UInt32
    var end: UInt32

    /// The range of bytes.
    var range: Range<Int> { Int(start)..<Int(end) }
}
