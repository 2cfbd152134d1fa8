extension [UInt8] {
    /// Appends the bytes of a string.
    @inline(__always) mutating func append(text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ append(contentsOf: $0) }) == nil {
            append(contentsOf: text.utf8)
        }
    }

    /// Appends the bytes of a literal.
    mutating func append(static text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the decimal digits of an integer.
    mutating func append(integer value: Int) {
        if value >= 0 && value < 10 { return append(UInt8(48 + value)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
            var rest = value.magnitude
            var start = 24
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                digits.initializeElement(at: start, to: UInt8(48 + digit))
                rest = quotient
            } while rest > 0
            if value < 0 {
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "-"))
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[start..<24]))
        }
    }

    /// Appends a code point.
    mutating func append(scalar: Unicode.Scalar) {
        append(contentsOf: UTF8.encode(scalar).unsafelyUnwrappedOrReplacement)
    }
}

extension Optional where Wrapped == UTF8.EncodedScalar {
    fileprivate var unsafelyUnwrappedOrReplacement: UTF8.EncodedScalar { self ?? UTF8.encodedReplacementCharacter }
}
