extension BigInteger: Comparable {
    /// The order by value.
    public static func < (a: BigInteger, b: BigInteger) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        let order = compare(a.magnitude, b.magnitude)
        return a.isNegative ? order > 0 : order < 0
    }

    static prefix func - (a: BigInteger) -> BigInteger { BigInteger(magnitude: a.magnitude, isNegative: !a.isNegative) }

    static func + (a: BigInteger, b: BigInteger) -> BigInteger {
        if a.isNegative == b.isNegative {
            return BigInteger(magnitude: add(a.magnitude, b.magnitude), isNegative: a.isNegative)
        }
        if compare(a.magnitude, b.magnitude) >= 0 {
            return BigInteger(magnitude: subtract(a.magnitude, b.magnitude), isNegative: a.isNegative)
        }
        return BigInteger(magnitude: subtract(b.magnitude, a.magnitude), isNegative: b.isNegative)
    }

    static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + (-b) }

    static func * (a: BigInteger, b: BigInteger) -> BigInteger {
        guard !a.magnitude.isEmpty, !b.magnitude.isEmpty else { return BigInteger(magnitude: [], isNegative: false) }
        var limbs = [UInt32](repeating: 0, count: a.magnitude.count + b.magnitude.count)
        for i in a.magnitude.indices {
            var carry: UInt64 = 0
            for j in b.magnitude.indices {
                carry += UInt64(a.magnitude[i]) * UInt64(b.magnitude[j]) + UInt64(limbs[i + j])
                limbs[i + j] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            limbs[i + b.magnitude.count] = UInt32(carry)
        }
        return BigInteger(magnitude: limbs, isNegative: a.isNegative != b.isNegative)
    }

    /// The quotient rounded down and the remainder with the divisor's sign, as Python's `divmod`. The divisor is not 0.
    func dividedFloor(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
        let (q, r) = BigInteger.divide(magnitude, divisor.magnitude)
        var quotient = BigInteger(magnitude: q, isNegative: isNegative != divisor.isNegative)
        var remainder = BigInteger(magnitude: r, isNegative: isNegative)
        if !remainder.magnitude.isEmpty && isNegative != divisor.isNegative {
            quotient = quotient - BigInteger(1)
            remainder = remainder + divisor
        }
        return (quotient, remainder)
    }

    /// The number to a power that is not negative.
    func power(_ exponent: Int) -> BigInteger {
        var result = BigInteger(1)
        var base = self
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result * base }
            rest >>= 1
            if rest > 0 { base = base * base }
        }
        return result
    }

    private static func compare(_ a: [UInt32], _ b: [UInt32]) -> Int {
        if a.count != b.count { return a.count - b.count }
        for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
        return 0
    }

    private static func add(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var limbs: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(a.count, b.count) {
            carry += UInt64(index < a.count ? a[index] : 0) + UInt64(index < b.count ? b[index] : 0)
            limbs.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
        return limbs
    }

    private static func subtract(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var limbs = a
        var borrow: Int64 = 0
        for index in a.indices {
            var digit = Int64(a[index]) - borrow - Int64(index < b.count ? b[index] : 0)
            borrow = digit < 0 ? 1 : 0
            if digit < 0 { digit += 1 << 32 }
            limbs[index] = UInt32(digit)
        }
        return limbs
    }

    /// Schoolbook division bit by bit for long divisors, limb by limb for short ones.
    private static func divide(_ a: [UInt32], _ b: [UInt32]) -> (quotient: [UInt32], remainder: [UInt32]) {
        if compare(a, b) < 0 { return ([], a) }
        var quotient = [UInt32](repeating: 0, count: a.count)
        if b.count == 1 {
            var rest: UInt64 = 0
            for index in a.indices.reversed() {
                let current = rest << 32 | UInt64(a[index])
                quotient[index] = UInt32(current / UInt64(b[0]))
                rest = current % UInt64(b[0])
            }
            return (quotient, [UInt32(rest)])
        }
        var rest: [UInt32] = []
        for index in a.indices.reversed() {
            for bit in (0..<32).reversed() {
                var carry = a[index] >> UInt32(bit) & 1
                for limb in rest.indices {
                    let next = rest[limb] >> 31
                    rest[limb] = rest[limb] << 1 | carry
                    carry = next
                }
                if carry > 0 { rest.append(carry) }
                while rest.last == 0 { rest.removeLast() }
                if compare(rest, b) >= 0 {
                    rest = subtract(rest, b)
                    while rest.last == 0 { rest.removeLast() }
                    quotient[index] |= 1 << UInt32(bit)
                }
            }
        }
        return (quotient, rest)
    }
}
