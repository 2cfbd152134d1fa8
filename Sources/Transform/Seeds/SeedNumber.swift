/// A number as agate reads it: a decimal, however it is dressed up.
///
/// Percent signs and currency symbols around it, commas and underscores inside it are allowed; the exponent form, `nan` and
/// `inf` are numbers too, as for Python's `Decimal`. Like there, more than 28 digits are rounded half to even.
struct SeedNumber {
    private(set) var isNegative = false
    /// The significant digits, 0...9, without zeros before them.
    private(set) var digits: [UInt8] = []
    /// The power of ten that the last digit stands for.
    private(set) var exponent = 0
    private(set) var isFinite = true

    private static let precision = 28
    private static let largestExponent = 999_999

    /// Nil where the text is none; null values are the caller's business.
    init?(_ value: Span<UInt8>) {
        var text = Self.undressed(value)
        if text.contains(where: { $0 >= 0x80 }) {
            guard let ascii = Self.digitsInASCII(text) else { return nil }
            text = ascii
        }
        guard parse(text) else { return nil }
    }

    /// Digits before the point once zeros at the end are gone, and digits behind it; nil for what is not finite as a Double.
    var places: (whole: Int, decimal: Int)? {
        guard isFinite, !overflowsDouble else { return nil }
        guard let last = digits.lastIndex(where: { $0 != 0 }) else { return (1, 0) }
        let decimal = -(exponent + digits.count - 1 - last)
        return (last + 1 - decimal, decimal)
    }

    private var overflowsDouble: Bool {
        guard exponent + digits.count > 308, !digits.isEmpty else { return false }
        return Double(digits.map(String.init).joined() + "e\(exponent)")?.isInfinite ?? true
    }

    /// Text that PostgreSQL reads as the number.
    ///
    /// - Parameter asInteger: without a point or exponent, as far as the number has no decimals.
    func append(to text: inout [UInt8], asInteger: Bool) {
        guard isFinite else { return text.append(contentsOf: Array("NaN".utf8)) }
        guard digits.contains(where: { $0 != 0 }) else { return text.append(UInt8(ascii: "0")) }
        if isNegative { text.append(UInt8(ascii: "-")) }
        if let places, places.decimal <= 0, asInteger || exponent == 0, places.whole <= 64 {
            for place in 0..<places.whole { text.append(UInt8(ascii: "0") + (place < digits.count ? digits[place] : 0)) }
            return
        }
        let point = digits.count + exponent
        if exponent < 0, point <= 0, point > -64 {
            text.append(contentsOf: Array("0.".utf8) + repeatElement(0x30, count: -point))
        }
        for (index, digit) in digits.enumerated() {
            if index > 0, index == point { text.append(UInt8(ascii: ".")) }
            text.append(UInt8(ascii: "0") + digit)
        }
        if exponent > 0 || point <= -64 { text.append(contentsOf: Array("e\(exponent)".utf8)) }
    }

    // MARK: Reading

    /// The steps of agate's `Number.cast`, in its order.
    private static func undressed(_ value: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(value.count + 1)
        var range = SeedText.trimmed(value)
        let percent = UInt8(ascii: "%")
        while !range.isEmpty, value[range.lowerBound] == percent { range = range.lowerBound + 1..<range.upperBound }
        while !range.isEmpty, value[range.upperBound - 1] == percent { range = range.lowerBound..<range.upperBound - 1 }
        if !range.isEmpty, value[range.lowerBound] == UInt8(ascii: "-") {
            text.append(UInt8(ascii: "~"))
            range = range.lowerBound + 1..<range.upperBound
        }
        range = withoutCurrency(value, range)
        for index in range where value[index] != UInt8(ascii: ",") { text.append(value[index]) }
        return text
    }

    /// Takes each symbol off both ends once, in agate's order.
    private static func withoutCurrency(_ value: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else { return range }
        let dollar = UInt8(ascii: "$")
        guard value[first] == dollar || value[last] == dollar || value[first] >= 0x80 || value[last] >= 0x80 else { return range }
        var range = range
        for symbol in symbols {
            func matches(at index: Int) -> Bool { symbol.indices.allSatisfy { value[index + $0] == symbol[$0] } }
            while range.count >= symbol.count, matches(at: range.lowerBound) {
                range = range.lowerBound + symbol.count..<range.upperBound
            }
            while range.count >= symbol.count, matches(at: range.upperBound - symbol.count) {
                range = range.lowerBound..<range.upperBound - symbol.count
            }
        }
        return range
    }

    private static let symbols: [[UInt8]] =
        ["؋", "$", "ƒ", "៛", "¥", "₡", "₱", "£", "€", "¢", "﷼", "₪", "₩", "₭", "₮", "₦", "฿", "₤", "₫"].map { Array($0.utf8) }

    /// Decimal digits of other scripts count; other characters make it no number. White space at the ends goes.
    private static func digitsInASCII(_ text: [UInt8]) -> [UInt8]? {
        let isNegative = text.first == UInt8(ascii: "~")
        let body = text.span.extracting((isNegative ? 1 : 0)..<text.count)
        let range = SeedText.trimmed(body)
        var ascii: [UInt8] = isNegative ? [UInt8(ascii: "~")] : []
        let offset = isNegative ? 1 : 0
        for scalar in String(decoding: text[range.lowerBound + offset..<range.upperBound + offset], as: UTF8.self).unicodeScalars
        {
            if scalar.isASCII {
                ascii.append(UInt8(scalar.value))
            } else if scalar.properties.numericType == .decimal, let number = scalar.properties.numericValue {
                ascii.append(UInt8(ascii: "0") + UInt8(number))
            } else {
                return nil
            }
        }
        return ascii
    }

    /// The grammar of Python's `Decimal`; a `~` before it is the sign that was already taken off.
    private mutating func parse(_ text: [UInt8]) -> Bool {
        var index = 0
        var end = text.count
        if text.first == UInt8(ascii: "~") {
            isNegative = true
            index = 1
        }
        while index < end, SeedText.isSpace(text[index]) { index += 1 }
        while end > index, SeedText.isSpace(text[end - 1]) { end -= 1 }
        let body = text[index..<end].filter { $0 != UInt8(ascii: "_") }
        index = 0
        end = body.count
        if index < end, body[index] == UInt8(ascii: "-") || body[index] == UInt8(ascii: "+") {
            if body[index] == UInt8(ascii: "-") { isNegative.toggle() }
            index += 1
        }
        var hasDigits = false
        var hasPoint = false
        while index < end {
            let byte = body[index]
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                hasDigits = true
                if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte - UInt8(ascii: "0")) }
                if hasPoint { exponent -= 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                break
            }
            index += 1
        }
        guard hasDigits else { return !hasPoint && parseSpecial(body[index...]) }
        if index < end {
            guard let power = Self.power(body[index...]) else { return false }
            exponent += power
        }
        round()
        return abs(exponent + digits.count) <= Self.largestExponent
    }

    private static func power(_ text: ArraySlice<UInt8>) -> Int? {
        guard text.first == UInt8(ascii: "e") || text.first == UInt8(ascii: "E") else { return nil }
        let digits = text.dropFirst()
        guard let first = digits.first else { return nil }
        if first != UInt8(ascii: "-"), first != UInt8(ascii: "+"), !(0x30...0x39).contains(first) { return nil }
        guard let power = Int(String(decoding: digits, as: UTF8.self)), abs(power) <= 2 * largestExponent else { return nil }
        return power
    }

    private mutating func parseSpecial(_ text: ArraySlice<UInt8>) -> Bool {
        let word = String(decoding: text, as: UTF8.self).lowercased()
        isFinite = false
        if word == "inf" || word == "infinity" { return true }
        return word.hasPrefix("nan") && word.utf8.dropFirst(3).allSatisfy { (0x30...0x39).contains($0) }
    }

    private mutating func round() {
        let surplus = digits.count - Self.precision
        guard surplus > 0 else { return }
        let rest = digits[Self.precision...]
        let isAboveHalf = (rest.first ?? 0) > 5 || (rest.first == 5 && rest.dropFirst().contains { $0 != 0 })
        let isHalf = rest.first == 5 && !isAboveHalf
        digits.removeLast(surplus)
        exponent += surplus
        guard isAboveHalf || (isHalf && (digits.last ?? 0) % 2 == 1) else { return }
        var index = digits.count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            digits[index] += 1
        } else {
            digits = [1] + digits.dropLast()
            exponent += 1
        }
    }
}
