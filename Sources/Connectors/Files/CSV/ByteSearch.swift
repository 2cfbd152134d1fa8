/// Finds the first of three bytes, eight at a time.
struct ByteSearch {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        self.first = UInt64(first) &* Self.ones
        self.second = UInt64(second) &* Self.ones
        self.third = UInt64(third) &* Self.ones
    }

    /// The place of the first of them; `end` where none is.
    @inline(__always)
    func first(in bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        var place = start
        let raw = UnsafeRawPointer(bytes)
        while place + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let found = Self.zeros(word ^ first) | Self.zeros(word ^ second) | Self.zeros(word ^ third)
            if found != 0 { return place + found.trailingZeroBitCount >> 3 }
            place += 8
        }
        while place < end {
            let byte = UInt64(bytes[place])
            if byte == first & 0xFF || byte == second & 0xFF || byte == third & 0xFF { return place }
            place += 1
        }
        return end
    }

    /// The highest bit of each byte that is zero. Above the lowest of them there may be others, by the borrow.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
}
