#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Makes UUIDs of version 7 (RFC 9562) as text, straight into a buffer: no allocation, no system call for most.
///
/// 48 bits of milliseconds, then 74 random bits from xoshiro256**, which is seeded by the system. Nothing depends on
/// their being unpredictable, only on their being distinct.
struct RawIDGenerator {
    /// The number of bytes of a UUID as text.
    static let length = 36

    private var state: (UInt64, UInt64, UInt64, UInt64)
    private var milliseconds: UInt64 = 0
    private var untilClock = 0

    init() {
        var seed = SystemRandomNumberGenerator()
        // All zero is the one state that xoshiro never leaves.
        state = (seed.next(), seed.next(), seed.next(), seed.next() | 1)
    }

    /// Writes the next UUID into the first 36 bytes of `target`.
    mutating func write(to target: UnsafeMutableRawBufferPointer) {
        if untilClock == 0 {
            untilClock = 1024
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            milliseconds = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
        }
        untilClock -= 1
        let high = milliseconds << 16 | 0x7000 | next() >> 52
        let low = 0x8000_0000_0000_0000 | next() >> 2
        var offset = 0
        for index in 0..<16 {
            let word = index < 8 ? high : low
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - (index & 7) * 8))
            if index == 4 || index == 6 || index == 8 || index == 10 {
                target[offset] = UInt8(ascii: "-")
                offset += 1
            }
            target[offset] = Self.digit(byte >> 4)
            target[offset + 1] = Self.digit(byte & 15)
            offset += 2
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    /// xoshiro256** 1.0 (Blackman and Vigna, public domain).
    private mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }
}
