/// What a CSV value is before it has a type: white space and nulls as Python and dbt see them.
enum SeedText {
    /// What `str.strip()` leaves.
    @inline(__always)
    static func trimmed(_ value: Span<UInt8>) -> Range<Int> {
        let count = value.count
        guard count > 0 else { return 0..<0 }
        let first = value[unchecked: 0]
        let last = value[unchecked: count &- 1]
        if first > 0x20, last > 0x20, first < 0x80, last < 0x80 { return 0..<count }
        return trimmedSlowly(value)
    }

    private static func trimmedSlowly(_ value: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = value.count
        while start < end, let width = leadingSpace(value, at: start, before: end) { start += width }
        while end > start, let width = trailingSpace(value, from: start, before: end) { end -= width }
        return start..<end
    }

    /// Whether dbt stores the value as null: nothing, white space, or the word null in any case.
    @inline(__always)
    static func isNull(_ value: Span<UInt8>) -> Bool {
        let count = value.count
        if count == 0 { return true }
        let first = value[unchecked: 0]
        // Only white space, or n for null, can begin a null.
        if first > 0x20, first < 0x80, first | 0x20 != UInt8(ascii: "n") { return false }
        let range = trimmed(value)
        return range.isEmpty || matches(value.extracting(range), "null")
    }

    /// Compares with a word of lower-case ASCII letters, in any case.
    @inline(__always)
    static func matches(_ value: Span<UInt8>, _ word: StaticString) -> Bool {
        let count = value.count
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            for index in 0..<count where value[index] | 0x20 != word[index] { return false }
            return true
        }
    }

    /// Python's white space in ASCII.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F)
    }

    private static func leadingSpace(_ value: Span<UInt8>, at index: Int, before end: Int) -> Int? {
        if isSpace(value[index]) { return 1 }
        for width in 2...3 where index + width <= end && isWideSpace(value.extracting(index..<index + width)) { return width }
        return nil
    }

    private static func trailingSpace(_ value: Span<UInt8>, from start: Int, before end: Int) -> Int? {
        if isSpace(value[end - 1]) { return 1 }
        for width in 2...3 where end - width >= start && isWideSpace(value.extracting(end - width..<end)) { return width }
        return nil
    }

    /// U+0085, U+00A0, U+1680, U+2000-200A, U+2028, U+2029, U+202F, U+205F, U+3000.
    private static func isWideSpace(_ bytes: Span<UInt8>) -> Bool {
        if bytes.count == 2 { return bytes[0] == 0xC2 && (bytes[1] == 0x85 || bytes[1] == 0xA0) }
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0xE1, 0x9A, 0x80), (0xE3, 0x80, 0x80), (0xE2, 0x81, 0x9F): return true
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF): return true
        default: return false
        }
    }
}
