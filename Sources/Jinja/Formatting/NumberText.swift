/// Reads numbers as Python's `int()` and `float()` do.
enum NumberText {
    /// The integer a text stands for: whitespace around, a sign, underscores between digits, a prefix for base 0.
    ///
    /// - Parameter strict: Whether whitespace and signs are refused.
    static func integer(_ text: String, base: Int, strict: Bool = false) -> Value? {
        var bytes = strict ? Array(text.utf8)[...] : trimmed(text)[...]
        var isNegative = false
        if !strict, let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            bytes.removeFirst()
        }
        var radix = base
        if bytes.count > 1, bytes.first == UInt8(ascii: "0") {
            let prefixes: [UInt8: Int] = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2]
            if let implied = prefixes[bytes[bytes.startIndex + 1] | 0x20], base == 0 || base == implied {
                radix = implied
                bytes.removeFirst(2)
                if bytes.first == UInt8(ascii: "_") { bytes.removeFirst() }
            }
        }
        if radix == 0 {
            radix = 10
            if bytes.count > 1, bytes.first == UInt8(ascii: "0"), bytes.contains(where: { $0 != 48 && $0 != 95 }) { return nil }
        }
        guard (2...36).contains(radix), let digits = withoutUnderscores(bytes), digits.count <= 4300 else { return nil }
        guard let value = BigInteger(digits: digits, base: UInt32(radix), isNegative: isNegative) else { return nil }
        return value.value
    }

    /// The float a text stands for.
    static func double(_ text: String) -> Double? {
        let bytes = trimmed(text)
        guard let digits = withoutUnderscores(bytes[...]) else { return nil }
        let plain = String(decoding: digits, as: UTF8.self)
        switch plain.lowercased() {
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        case "nan", "+nan", "-nan": return .nan
        default: break
        }
        guard digits.contains(where: { 48...57 ~= $0 }),
            digits.allSatisfy({ 48...57 ~= $0 || [43, 45, 46, 69, 101].contains($0) })
        else { return nil }
        return Double(plain)
            ?? (plain.hasSuffix(".") ? Double(plain + "0") : nil)
            ?? (plain.contains(".") ? Double(padded(plain)) : nil)
    }

    /// `.5` and `5.e3` as Swift reads them.
    private static func padded(_ text: String) -> String {
        var result = ""
        var previous: Character = " "
        for character in text {
            if character == "." && !previous.isNumber { result += "0" }
            if previous == "." && !character.isNumber { result += "0" }
            result.append(character)
            previous = character
        }
        return result
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        if !Text.isASCII(text) { return trimmed(plain(text)) }
        return Text.withBytes(text) { bytes in
            let start = Lexer.skipSpace(bytes, 0)
            return Array(bytes[start..<max(start, Lexer.trimmedEnd(bytes, start, bytes.count))])
        }
    }

    /// The text with all scripts' digits and whitespace as ASCII; what is neither becomes what no number has.
    private static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                result.unicodeScalars.append(scalar)
            } else if scalar.properties.generalCategory == .decimalNumber, let digit = scalar.properties.numericValue {
                result += String(Int(digit))
            } else {
                result += Text.isSpace(scalar) ? " " : "?"
            }
        }
        return result
    }

    private static func withoutUnderscores(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "_")) else { return Array(bytes) }
        var result: [UInt8] = []
        var previous: UInt8 = UInt8(ascii: "_")
        for byte in bytes {
            if byte == UInt8(ascii: "_") {
                if !(48...57 ~= previous || 97...122 ~= previous | 0x20) || previous == byte { return nil }
            } else {
                result.append(byte)
            }
            previous = byte
        }
        return previous == UInt8(ascii: "_") ? nil : result
    }
}
