/// The bytes of short strings, read from the two words that a string consists of.
///
/// The standard library keeps up to 15 bytes in those words: its own way to them (`withUTF8`) costs several times what the
/// bytes do, and templates write mostly short strings. How they lie there is no promise of the language, so it is looked at
/// once, in strings whose bytes are known; where they lie otherwise, `withUTF8` is used. Nothing but the value's own bits is
/// read, so that a wrong guess could spoil text but no memory.
enum SmallText {
    /// The two words of a string.
    typealias Words = (first: UInt64, second: UInt64)

    /// Whether short strings lie as expected.
    static let isKnown: Bool = ["", "a", "name", "\u{e9}t\u{e9}", "12345678", "created_at", "fifteen bytes !"].allSatisfy {
        text in
        guard MemoryLayout<String>.size == MemoryLayout<Words>.size, let words = words(of: text) else { return false }
        guard length(words) == text.utf8.count, words.second >> 61 & 1 == 1 else { return false }
        return text.utf8.enumerated().allSatisfy { index, byte in
            let word = index < 8 ? words.first : words.second
            return UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8)) == byte
        } && !isSmall(unsafeBitCast("a string of more than fifteen bytes", to: Words.self))
    }

    /// The words of a short string, nil for others.
    @inline(__always) static func words(of text: String) -> Words? {
        let words = unsafeBitCast(text, to: Words.self)
        return isSmall(words) ? words : nil
    }

    /// How many bytes there are in the words of a short string.
    @inline(__always) static func length(_ words: Words) -> Int { Int(truncatingIfNeeded: words.second >> 56 & 15) }

    @inline(__always) private static func isSmall(_ words: Words) -> Bool { words.second >> 61 & 1 == 1 }
}
