/// An integer of any size, for results that leave 64 bits.
public struct BigInteger: Hashable, Sendable {
    /// Limbs of 32 bits, least significant first, without leading zeros.
    var magnitude: [UInt32]
    /// Whether the number is below zero.
    var isNegative: Bool

    init(magnitude: [UInt32], isNegative: Bool) {
        var limbs = magnitude
        while limbs.last == 0 { limbs.removeLast() }
        self.magnitude = limbs
        self.isNegative = isNegative && !limbs.isEmpty
    }

    /// The big form of an integer.
    public init(_ value: Int) {
        let bits = UInt64(value.magnitude)
        self.init(magnitude: [UInt32(truncatingIfNeeded: bits), UInt32(bits >> 32)], isNegative: value < 0)
    }

    /// Reads digits of the given base, nil when there are none or others.
    init?(digits: some Sequence<UInt8>, base: UInt32, isNegative: Bool) {
        var limbs: [UInt32] = []
        var count = 0
        for byte in digits {
            let digit: UInt32
            switch byte {
            case 48...57: digit = UInt32(byte - 48)
            case 97...122: digit = UInt32(byte - 87)
            case 65...90: digit = UInt32(byte - 55)
            default: return nil
            }
            guard digit < base else { return nil }
            BigInteger.multiply(&limbs, by: base, adding: digit)
            count += 1
        }
        guard count > 0 else { return nil }
        self.init(magnitude: limbs, isNegative: isNegative)
    }

    /// The integral part of a finite number.
    init(truncating value: Double) {
        let whole = value.magnitude.rounded(.towardZero)
        guard whole >= 1 else {
            self.init(magnitude: [], isNegative: false)
            return
        }
        let shift = Int(whole.exponent) - 52
        let bits = whole.significandBitPattern | (1 << 52)
        var limbs: [UInt32]
        if shift <= 0 {
            let small = bits >> UInt64(-shift)
            limbs = [UInt32(truncatingIfNeeded: small), UInt32(small >> 32)]
        } else {
            limbs = Array(repeating: 0, count: shift / 32)
            let part = shift % 32
            limbs.append(UInt32(truncatingIfNeeded: bits << UInt64(part)))
            limbs.append(UInt32(truncatingIfNeeded: (bits >> (32 - UInt64(part)))))
            limbs.append(UInt32(truncatingIfNeeded: part == 0 ? 0 : bits >> (64 - UInt64(part))))
        }
        self.init(magnitude: limbs, isNegative: value < 0)
    }

    /// The value as an `Int`, nil when it does not fit.
    public var intValue: Int? {
        guard magnitude.count <= 2 else { return nil }
        var bits: UInt64 = 0
        for (index, limb) in magnitude.enumerated() { bits |= UInt64(limb) << UInt64(32 * index) }
        if isNegative { return bits <= UInt64(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- bits) : nil }
        return bits <= UInt64(Int.max) ? Int(bits) : nil
    }

    /// The nearest floating point number, infinite when out of range.
    public var doubleValue: Double { Double(description) ?? .infinity }

    /// The template value, an `int` when it fits.
    var value: Value { intValue.map { .int($0) } ?? .bigInt(self) }

    /// The number of bits of the magnitude.
    var bitWidth: Int { magnitude.isEmpty ? 0 : magnitude.count * 32 - (magnitude.last?.leadingZeroBitCount ?? 0) }

    private static func multiply(_ limbs: inout [UInt32], by factor: UInt32, adding: UInt32) {
        var carry = UInt64(adding)
        for index in limbs.indices {
            carry += UInt64(limbs[index]) * UInt64(factor)
            limbs[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }
}

extension BigInteger: CustomStringConvertible {
    /// The decimal digits.
    public var description: String { text(radix: 10) }

    /// The digits in the given base, with a sign.
    func text(radix: Int) -> String {
        let (chunk, width) =
            radix == 10 ? (UInt32(1_000_000_000), 9) : radix == 16 ? (1 << 28, 7) : radix == 8 ? (1 << 27, 9) : (1 << 31, 31)
        var rest = magnitude
        var chunks: [UInt32] = []
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for index in rest.indices.reversed() {
                let current = remainder << 32 | UInt64(rest[index])
                rest[index] = UInt32(current / UInt64(chunk))
                remainder = current % UInt64(chunk)
            }
            while rest.last == 0 { rest.removeLast() }
            chunks.append(UInt32(remainder))
        }
        guard let first = chunks.popLast() else { return "0" }
        var text = (isNegative ? "-" : "") + String(first, radix: radix)
        for part in chunks.reversed() {
            let digits = String(part, radix: radix)
            text += String(repeating: "0", count: width - digits.utf8.count) + digits
        }
        return text
    }
}
