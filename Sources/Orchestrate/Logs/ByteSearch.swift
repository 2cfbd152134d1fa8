/// Finds a word in bytes, ASCII letters in either case.
struct ByteSearch {
    /// In small letters.
    private let word: [UInt8]

    init(_ word: [UInt8]) { self.word = word.map(Self.small) }

    private static func small(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

    /// Whether the word is there; an empty one is everywhere.
    func isIn(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first else { return true }
        let capital = first >= 97 && first <= 122 ? first & ~32 : first
        return word.withUnsafeBufferPointer { word in
            bytes.withUnsafeBufferPointer { bytes in
                guard bytes.count >= word.count else { return false }
                var index = 0
                let last = bytes.count - word.count
                while index <= last {
                    if bytes[index] == first || bytes[index] == capital {
                        var length = 1
                        while length < word.count, Self.small(bytes[index + length]) == word[length] { length += 1 }
                        if length == word.count { return true }
                    }
                    index += 1
                }
                return false
            }
        }
    }
}
