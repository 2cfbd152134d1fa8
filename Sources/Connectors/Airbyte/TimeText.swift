/// Dates and times as Airbyte's well-known types write them: RFC 3339, with ` BC` after it for years before 1.
struct TimeText {
    /// Days since 2000-01-01; nil for a time alone.
    private(set) var days: Int?
    /// Microseconds since midnight; nil for a date alone.
    private(set) var microseconds: Int?
    /// Seconds east of Greenwich; nil where there is no zone.
    private(set) var offset: Int?

    /// - Returns: nil if `text` is neither a date nor a time nor both.
    init?(_ text: String) {
        var rest = Substring(text)
        var isBC = false
        if rest.hasSuffix(" BC") {
            isBC = true
            rest.removeLast(3)
        }
        var bytes = Array(rest.utf8)[...]
        if bytes.count >= 8, let dash = bytes.dropFirst().firstIndex(of: UInt8(ascii: "-")), dash - bytes.startIndex >= 4,
            !bytes[..<dash].contains(UInt8(ascii: ":"))
        {
            guard let days = Self.date(&bytes, isBC: isBC) else { return nil }
            self.days = days
            if bytes.isEmpty { return }
            guard let separator = bytes.popFirst(), separator | 0x20 == UInt8(ascii: "t") || separator == 0x20 else { return nil }
        } else if isBC {
            return nil
        }
        guard let time = Self.time(&bytes) else { return nil }
        microseconds = time
        if bytes.isEmpty { return }
        guard let offset = Self.zone(bytes) else { return nil }
        self.offset = offset
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>, _ digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while let byte = bytes.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), count < digits.upperBound {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            count += 1
            bytes.removeFirst()
        }
        return count >= digits.lowerBound ? value : nil
    }

    private static func take(_ character: Unicode.Scalar, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: character) else { return false }
        bytes.removeFirst()
        return true
    }

    private static func date(_ bytes: inout ArraySlice<UInt8>, isBC: Bool) -> Int? {
        guard let year = number(&bytes, 4...6), take("-", &bytes), let month = number(&bytes, 2...2), take("-", &bytes),
            let day = number(&bytes, 2...2), year > 0, (1...12).contains(month), day >= 1
        else { return nil }
        let astronomical = isBC ? 1 - year : year
        let isLeap = astronomical % 4 == 0 && (astronomical % 100 != 0 || astronomical % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[month - 1], astronomical > -4713, year < 294_277 else { return nil }
        return CivilDay.number(astronomical, month, day)
    }

    private static func time(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        guard let hour = number(&bytes, 1...2), take(":", &bytes), let minute = number(&bytes, 2...2), hour <= 24, minute < 60
        else { return nil }
        var value = (hour * 60 + minute) * 60_000_000
        if take(":", &bytes) {
            guard let second = number(&bytes, 2...2), second <= 60 else { return nil }
            value += second * 1_000_000
            if take(".", &bytes) {
                var digits: [Int] = []
                while let digit = number(&bytes, 1...1) { digits.append(digit) }
                guard !digits.isEmpty else { return nil }
                // To the nearest microsecond.
                let six = digits.prefix(6) + repeatElement(0, count: max(0, 6 - digits.count))
                value += six.reduce(0) { $0 * 10 + $1 } + (digits.count > 6 && digits[6] >= 5 ? 1 : 0)
            }
        }
        return value <= 86_400_000_000 ? value : nil
    }

    private static func zone(_ text: ArraySlice<UInt8>) -> Int? {
        var bytes = text
        if bytes.count == 1, let letter = bytes.first, letter | 0x20 == UInt8(ascii: "z") { return 0 }
        guard let sign = bytes.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = number(&bytes, 2...2)
        else { return nil }
        _ = take(":", &bytes)
        let minutes = bytes.isEmpty ? 0 : number(&bytes, 2...2)
        guard let minutes, hours < 16, minutes < 60, bytes.isEmpty else { return nil }
        return (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// Microseconds since 2000-01-01, in the zone that is named or in that of the text.
    var instant: Int? {
        guard let days else { return nil }
        return days * 86_400_000_000 + (microseconds ?? 0) - (offset ?? 0) * 1_000_000
    }
}
