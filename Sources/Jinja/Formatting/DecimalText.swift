/// Floating point numbers with a given number of digits, rounded exactly as Python does (half to even on the true value).
enum DecimalText {
    /// `%.nf` of a number that is not negative.
    static func fixed(_ value: Double, _ precision: Int) -> String {
        guard value.isFinite else { return FloatText.repr(value) }
        let (digits, _) = rounded(value, fractionDigits: precision)
        let padded = String(repeating: "0", count: max(0, precision + 1 - digits.utf8.count)) + digits
        guard precision > 0 else { return padded }
        let whole = padded.utf8.count - precision
        return Text.string(padded.utf8.prefix(whole)) + "." + Text.string(padded.utf8.dropFirst(whole))
    }

    /// `%.ne` of a number that is not negative.
    static func exponent(_ value: Double, _ precision: Int) -> String {
        guard value.isFinite else { return FloatText.repr(value) }
        let (digits, exponent) = significant(value, precision + 1)
        return layout(digits, exponent)
    }

    private static func layout(_ digits: String, _ exponent: Int) -> String {
        let mantissa =
            digits.utf8.count > 1 ? Text.string(digits.utf8.prefix(1)) + "." + Text.string(digits.utf8.dropFirst()) : digits
        let power = String(abs(exponent))
        return mantissa + (exponent < 0 ? "e-" : "e+") + (power.utf8.count < 2 ? "0" : "") + power
    }

    /// `%.ng` of a number that is not negative.
    static func general(_ value: Double, _ precision: Int, alternate: Bool, keepsPoint: Bool = false) -> String {
        guard value.isFinite else { return FloatText.repr(value) }
        let count = max(1, precision)
        let (digits, exponent) = significant(value, count)
        var text: String
        if exponent < -4 || exponent >= (keepsPoint ? count - 1 : count) {
            let kept = alternate ? digits : trimmed(digits)
            return layout(kept, exponent)
        }
        text = fixed(value, max(0, count - 1 - exponent))
        if !alternate, text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        if keepsPoint && !text.contains(".") { text += ".0" }
        return text
    }

    private static func trimmed(_ digits: String) -> String {
        var result = digits
        while result.utf8.count > 1 && result.hasSuffix("0") { result.removeLast() }
        return result
    }

    /// The first `count` significant digits and the decimal exponent of the first.
    private static func significant(_ value: Double, _ count: Int) -> (digits: String, exponent: Int) {
        guard value > 0 else { return (String(repeating: "0", count: count), 0) }
        var exponent = FloatText.Decimal(value).point - 1
        var digits = rounded(value, fractionDigits: count - 1 - exponent).digits
        if digits.utf8.count > count {
            exponent += 1
            digits = rounded(value, fractionDigits: count - 1 - exponent).digits
        }
        return (digits, exponent)
    }

    /// The integer nearest to `value * 10^fractionDigits`, half to even, computed exactly.
    static func rounded(_ value: Double, fractionDigits: Int) -> (digits: String, integer: BigInteger) {
        guard value > 0 else { return ("0", BigInteger(0)) }
        let shift = Int(value.exponent) - 52
        let isSubnormal = value.isSubnormal
        let bits = isSubnormal ? value.significandBitPattern : value.significandBitPattern | (1 << 52)
        var numerator = BigInteger(magnitude: [UInt32(truncatingIfNeeded: bits), UInt32(bits >> 32)], isNegative: false)
        var denominator = BigInteger(1)
        let power = isSubnormal ? -1074 : shift
        let two = BigInteger(2)
        if power >= 0 { numerator = numerator * two.power(power) } else { denominator = two.power(-power) }
        let ten = BigInteger(10)
        if fractionDigits >= 0 {
            numerator = numerator * ten.power(min(fractionDigits, 5000))
        } else {
            denominator = denominator * ten.power(-fractionDigits)
        }
        var quotient: BigInteger
        let remainder: BigInteger
        (quotient, remainder) = numerator.dividedFloor(by: denominator)
        let twice = remainder * two
        if denominator < twice || (twice == denominator && (quotient.magnitude.first ?? 0) & 1 == 1) {
            quotient = quotient + BigInteger(1)
        }
        return (quotient.description, quotient)
    }
}
