/// The binary form of `numeric` for a number's text. Source of the format: `numeric_send` of PostgreSQL.
enum NumericBinary {
    /// - Returns: nil if `text` is no number, or one that `numeric` cannot hold.
    static func bytes(_ text: String) -> [UInt8]? {
        switch text {
        case "NaN": return header(count: 0, weight: 0, sign: 0xC000, scale: 0)
        case "Infinity", "+Infinity": return header(count: 0, weight: 0, sign: 0xD000, scale: 0x20)
        case "-Infinity": return header(count: 0, weight: 0, sign: 0xF000, scale: 0x20)
        default: break
        }
        guard var number = DecimalText(text) else { return nil }
        // The point stands before a whole group of four digits.
        let scale = max(0, -number.exponent)
        guard scale <= 16383, number.digits.count + number.exponent <= 131_072 else { return nil }
        if number.exponent > 0 {
            number.digits += repeatElement(0, count: number.exponent)
            number.exponent = 0
        }
        let fraction = -number.exponent
        let tail = (4 - fraction % 4) % 4
        var digits = number.digits + repeatElement(UInt8(0), count: tail)
        let head = (4 - digits.count % 4) % 4
        digits.insert(contentsOf: repeatElement(0, count: head), at: 0)
        var groups = stride(from: 0, to: digits.count, by: 4).map { place in
            digits[place..<(place + 4)].reduce(UInt16(0)) { $0 * 10 + UInt16($1) }
        }
        var weight = groups.count - (fraction + tail) / 4 - 1
        while groups.first == 0 {
            groups.removeFirst()
            weight -= 1
        }
        while groups.last == 0 { groups.removeLast() }
        if groups.isEmpty { return header(count: 0, weight: 0, sign: 0, scale: scale) }
        return header(count: groups.count, weight: weight, sign: number.isNegative ? 0x4000 : 0, scale: scale)
            + groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }

    private static func header(count: Int, weight: Int, sign: UInt16, scale: Int) -> [UInt8] {
        [UInt16(count), UInt16(bitPattern: Int16(weight)), sign, UInt16(scale)].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
}

/// A decimal number: digits, times ten to the power of the exponent.
struct DecimalText {
    var isNegative = false
    /// 0 to 9 each.
    var digits: [UInt8] = []
    var exponent = 0

    /// Takes what JSON writes as a number.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var hasPoint = false
        while let byte = rest.first {
            if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                digits.append(byte - UInt8(ascii: "0"))
                if hasPoint { exponent -= 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            rest.removeFirst()
        }
        guard !digits.isEmpty else { return nil }
        if let byte = rest.first {
            guard byte | 0x20 == UInt8(ascii: "e") else { return nil }
            var word = String(Substring(rest.dropFirst()))
            if word.hasPrefix("+") { word.removeFirst() }
            guard let power = Int(word), abs(power) < 100_000 else { return nil }
            exponent += power
        }
    }

    /// The number if it is whole and fits.
    var whole: Int64? {
        var digits = digits
        var exponent = exponent
        while exponent < 0, digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        guard exponent >= 0 || digits.isEmpty, exponent < 20 else { return digits.allSatisfy { $0 == 0 } ? 0 : nil }
        var value: Int64 = 0
        for digit in digits + repeatElement(0, count: max(0, exponent)) {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            // Negative, since there is one more number on that side.
            let (sum, overflowsToo) = product.subtractingReportingOverflow(Int64(digit))
            if overflows || overflowsToo { return nil }
            value = sum
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
