/// `true` and `false` in any case; agate takes commas out before it looks.
enum SeedBoolean {
    /// Nil where the value is neither.
    static func value(_ text: Span<UInt8>) -> Bool? {
        if let value = plainValue(text) { return value }
        let range = SeedText.trimmed(text)
        guard (4...64).contains(range.count) else { return nil }
        return plainValue(letters(text).span)
    }

    /// Without white space and commas.
    @inline(__always)
    static func plainValue(_ text: Span<UInt8>) -> Bool? {
        if SeedText.matches(text, "true") { return true }
        return SeedText.matches(text, "false") ? false : nil
    }

    /// Whether a column of booleans may hold it; a lone comma counts as null.
    static func isBoolean(_ text: Span<UInt8>) -> Bool {
        value(text) != nil || (text.count <= 64 && SeedText.isNull(letters(text).span))
    }

    private static func letters(_ text: Span<UInt8>) -> [UInt8] {
        var letters: [UInt8] = []
        for index in text.indices where text[index] != UInt8(ascii: ",") { letters.append(text[index]) }
        let range = SeedText.trimmed(letters.span)
        return Array(letters[range])
    }
}
