/// The bytes of short strings, read from the two words that a string consists of.
///
/// The standard library keeps up to 15 bytes in those words: its own way to them (`withUTF8`) costs several times what the
/// bytes do, and templates write mostly short strings. How they lie there is no promise of the language, so it is looked at
/// once, in strings whose bytes are known; where they lie otherwise, `withUTF8` is used. Nothing but the value's own bits is
/// read, so that a wrong guess could spoil text but no memory.
enum SmallText {
    /// The two words of a string.
    typealias Words = (first: UInt64, second: UInt64)

    /// Whether short strings lie as expected, on their own and in a value.
    static let isKnown: Bool =
        ["", "a", "name", "\u{e9}t\u{e9}", "12345678", "created_at", "fifteen bytes !"].allSatisfy(liesAsExpected)
        && !isSmall(unsafeBitCast("a string of more than fifteen bytes", to: Words.self))

    private static func liesAsExpected(_ text: String) -> Bool {
        guard MemoryLayout<String>.size == MemoryLayout<Words>.size, MemoryLayout<Value>.size == 17,
            let words = words(of: text), length(words) == text.utf8.count
        else { return false }
        let isSame = withUnsafePointer(to: .string(text)) { place in
            self.words(at: place).map { $0.first == words.first && $0.second == words.second } ?? false
        }
        return isSame
            && text.utf8.enumerated().allSatisfy { index, byte in
                let word = index < 8 ? words.first : words.second
                return UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8)) == byte
            }
    }

    /// The words of the short string that a value is, nil for other values. No reference is counted on the way.
    @inline(__always) static func words(at place: UnsafePointer<Value>) -> Words? {
        guard case .string = place.pointee else { return nil }
        // Sixteen of the seventeen bytes of the value.
        let first = UnsafeRawPointer(place).load(as: UInt64.self)
        let second = UnsafeRawPointer(place).load(fromByteOffset: 8, as: UInt64.self)
        return isSmall((first, second)) ? (first, second) : nil
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
