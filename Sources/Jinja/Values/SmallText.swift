/// The bytes of short strings, read from the two words that a string consists of.
///
/// The standard library keeps up to 15 bytes in those words: its own way to them (`withUTF8`) costs several times what the
/// bytes do, and templates write mostly short strings. How they lie there is no promise of the language, so it is looked at
/// once, in strings whose bytes are known; where they lie otherwise, `withUTF8` is used. Nothing but the value's own bits is
/// read and made, so that a wrong guess could spoil text but no memory.
enum SmallText {
    /// The two words of a string.
    typealias Words = (first: UInt64, second: UInt64)

    /// Whether short strings lie as expected, on their own and in a value.
    static let isKnown: Bool =
        ["", "a", "name", "\u{e9}t\u{e9}", "12345678", "created_at", "fifteen bytes !"].allSatisfy(liesAsExpected)
        && !isSmall(unsafeBitCast("a string of more than fifteen bytes", to: Words.self))
        && (0...15).allSatisfy(isMadeAsExpected)

    /// Whether a short string made here is the one that the standard library makes.
    private static func isMadeAsExpected(_ count: Int) -> Bool {
        let text = String(decoding: (0..<count).map { UInt8(97 + $0) }, as: UTF8.self)
        var bytes = Array(text.utf8)
        let made = bytes.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { make($0, count) } }
        let (left, right) = (made ?? unsafeBitCast("", to: Words.self), unsafeBitCast(text, to: Words.self))
        return left.first == right.first && left.second == right.second
    }

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

    /// The short string of some bytes; nil where they are too many, or not all of them ASCII.
    @inline(__always) static func string(_ start: UnsafePointer<UInt8>, _ count: Int) -> String? {
        guard count <= 15, isKnown, let words = make(start, count) else { return nil }
        return unsafeBitCast(words, to: String.self)
    }

    /// The words of up to fifteen bytes, nil unless they are ASCII. Loads overlap, so that nothing beyond is read.
    @inline(__always) private static func make(_ start: UnsafePointer<UInt8>, _ count: Int) -> Words? {
        let bytes = UnsafeRawPointer(start)
        var words: Words = (0, 0)
        if count >= 8 {
            words.first = bytes.loadUnaligned(as: UInt64.self)
            let last = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            words.second = last >> UInt64(128 &- count &* 8)
        } else if count >= 4 {
            let last = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            words.first = UInt64(bytes.loadUnaligned(as: UInt32.self)) | last &<< UInt64(count &* 8 &- 32)
        } else if count > 0 {
            // The first, the middle and the last of up to three.
            words.first = UInt64(start[0]) | UInt64(start[count &>> 1]) &<< UInt64((count &>> 1) &* 8)
            words.first |= UInt64(start[count &- 1]) &<< UInt64(count &* 8 &- 8)
        }
        guard (words.first | words.second) & highBits == 0 else { return nil }
        words.second |= (0xE0 | UInt64(count)) &<< 56
        return words
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// A short ASCII string in upper or lower case, nil for others.
    @inline(__always) static func cased(_ text: String, isUpper: Bool) -> String? {
        guard isKnown, let words = words(of: text), words.second >> 60 == 0xE else { return nil }
        let tag = words.second & 0xFF00_0000_0000_0000
        let (first, second) = (cased(words.first, isUpper), cased(words.second ^ tag, isUpper) | tag)
        return unsafeBitCast((first, second) as Words, to: String.self)
    }

    /// Eight ASCII characters in upper or lower case: letters are those that pass `a` and do not pass `z` by the high bit.
    @inline(__always) private static func cased(_ word: UInt64, _ isUpper: Bool) -> UInt64 {
        let first: UInt64 = isUpper ? 0x61 : 0x41
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = (word &+ (0x80 &- first) &* ones) & ~(word &+ (0x80 &- first &- 26) &* ones) & highBits
        return word ^ letters &>> 2
    }

    @inline(__always) private static func isSmall(_ words: Words) -> Bool { words.second >> 61 & 1 == 1 }
}
