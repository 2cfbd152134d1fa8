/// Bytewise operations on strings, which Python compares by code point and Swift by canonical equivalence.
enum Text {
    /// Whether the two strings have the same bytes.
    @inline(__always) static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return withBytes(a) { left in withBytes(b) { right in equal(left, right) } }
    }

    /// Whether a string has the given bytes.
    @inline(__always) static func equal(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        text.utf8.count == bytes.count && withBytes(text) { equal($0, bytes) }
    }

    private static func equal(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        let (left, right) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
        var index = 0
        while index + 8 <= left.count {
            let word = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word != right.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
            index += 8
        }
        while index < left.count {
            if left[index] != right[index] { return false }
            index += 1
        }
        return true
    }

    /// The order by code points, which is that of the UTF-8 bytes.
    static func compare(_ a: String, _ b: String) -> Int {
        withBytes(a) { left in
            withBytes(b) { right in
                let common = min(left.count, right.count)
                var index = 0
                while index < common {
                    if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
                    index += 1
                }
                return left.count - right.count
            }
        }
    }

    /// Calls `body` with the bytes of a string.
    @inline(__always) static func withBytes<R>(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        if let result = try text.utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = text
        return try copy.withUTF8(body)
    }

    /// Whether all bytes are ASCII.
    static func isASCII(_ text: String) -> Bool { withBytes(text) { isASCII($0) } }

    /// Whether all bytes are ASCII.
    static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = 0
        while index + 8 <= raw.count {
            if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
            index += 8
        }
        while index < raw.count {
            if raw[index] >= 0x80 { return false }
            index += 1
        }
        return true
    }

    /// The text with each character changed, where all of them are ASCII; else nil.
    @inline(__always) static func mapASCII(_ text: String, _ change: (UInt8) -> UInt8) -> String? {
        withBytes(text) { source in
            guard isASCII(source) else { return nil }
            return String(unsafeUninitializedCapacity: source.count) { target in
                for index in 0..<source.count { target.initializeElement(at: index, to: change(source[index])) }
                return source.count
            }
        }
    }

    /// The decimal digits of an integer, which are few nearly always.
    static func digits(_ value: Int) -> String {
        guard UInt(bitPattern: value) < 10_000 else { return String(value) }
        let length = value < 100 ? (value < 10 ? 1 : 2) : (value < 1000 ? 3 : 4)
        return String(unsafeUninitializedCapacity: 4) { bytes in
            var rest = value
            for place in stride(from: length - 1, through: 0, by: -1) {
                bytes.initializeElement(at: place, to: UInt8(truncatingIfNeeded: 48 &+ rest % 10))
                rest /= 10
            }
            return length
        }
    }

    /// Whether an ASCII character is a letter.
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

    /// An ASCII character in upper case.
    @inline(__always) static func upper(_ byte: UInt8) -> UInt8 { byte &- 97 < 26 ? byte & 0xDF : byte }

    /// An ASCII character in lower case.
    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 0x20 : byte }

    /// The number of code points.
    static func length(_ text: String) -> Int {
        withBytes(text) { bytes in
            var count = 0
            for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
            return count
        }
    }

    /// Whether Python's `str.isspace` holds for the character.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
