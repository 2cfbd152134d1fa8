/// A token as a kind and a range of source bytes.
struct Token {
    var kind: TokenKind
    /// What a name means to the parser.
    var word: Keyword
    var start: UInt32
    var end: UInt32

    /// The range of bytes.
    @inline(__always) var range: Range<Int> { Range(uncheckedBounds: (Int(start), Int(end))) }
}
