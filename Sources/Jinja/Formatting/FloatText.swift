/// Python's text of floating point numbers.
enum FloatText {
    /// The shortest text that reads back as the same number, laid out as Python's `repr` does.
    static func repr(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let parts = Decimal(value)
        let sign = parts.isNegative ? "-" : ""
        return sign + layout(parts.digits, pointAt: parts.point)
    }

    private static func layout(_ digits: [UInt8], pointAt point: Int) -> String {
        let count = digits.count
        var output: [UInt8] = []
        if point > 16 || point < -3 {
            output.append(digits[0])
            if count > 1 {
                output.append(UInt8(ascii: "."))
                output.append(contentsOf: digits[1...])
            }
            let exponent = point - 1
            output.append(text: exponent < 0 ? "e-" : "e+")
            if abs(exponent) < 10 { output.append(UInt8(ascii: "0")) }
            output.append(integer: abs(exponent))
        } else if point <= 0 {
            output.append(static: "0.")
            output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
            output.append(contentsOf: digits)
        } else if point >= count {
            output.append(contentsOf: digits)
            output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - count))
            output.append(static: ".0")
        } else {
            output.append(contentsOf: digits[..<point])
            output.append(UInt8(ascii: "."))
            output.append(contentsOf: digits[point...])
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The shortest decimal digits of a number: 0.d1d2d3... times 10 to the power of `point`.
    struct Decimal {
        var isNegative = false
        var digits: [UInt8] = []
        var point = 0

        init(_ value: Double) {
            var exponent = 0
            var fraction: Int?
            var bytes = Array(value.description.utf8)[...]
            if bytes.first == UInt8(ascii: "-") {
                isNegative = true
                bytes.removeFirst()
            }
            if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
                exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
                bytes = bytes[..<mark]
            }
            for byte in bytes {
                if byte == UInt8(ascii: ".") { fraction = digits.count } else { digits.append(byte) }
            }
            point = (fraction ?? digits.count) + exponent
            let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
            digits.removeFirst(leading)
            point -= leading
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            if digits.isEmpty {
                digits = [UInt8(ascii: "0")]
                point = 1
            }
        }
    }
}
