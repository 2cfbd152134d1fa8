/// A date, or a date with a time, in the forms that dbt takes for one in a seed.
struct SeedTimestamp: Equatable {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    /// Minutes east of UTC, if the value says so.
    var offset: Int?

    /// Nil where there is no such day.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= days[month - 1] else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// `2024-03-31`, `2024-3-1`: Python's `%Y-%m-%d`.
    init?(date value: Span<UInt8>) {
        var reader = Reader(SeedText.trimmed(value))
        guard let date = reader.readDate(in: value), reader.isAtEnd else { return nil }
        self = date
    }

    /// `2024-03-31 23:59:59`, `2024-3-1 9:5:7`: Python's `%Y-%m-%d %H:%M:%S`.
    init?(dateTime value: Span<UInt8>) {
        var reader = Reader(SeedText.trimmed(value))
        guard var result = reader.readDate(in: value), reader.skipSpaces(in: value),
            let hour = reader.readNumber(in: value, upTo: 23), reader.skip(UInt8(ascii: ":"), in: value),
            let minute = reader.readNumber(in: value, upTo: 59), reader.skip(UInt8(ascii: ":"), in: value),
            let second = reader.readNumber(in: value, upTo: 59), reader.isAtEnd
        else { return nil }
        (result.hour, result.minute, result.second) = (hour, minute, second)
        self = result
    }

    /// `2024-03-31`.
    func appendDate(to text: inout [UInt8]) {
        Self.append(year, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(month, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(day, digits: 2, to: &text)
    }

    /// `2024-03-31 23:59:59.25+02:00`.
    func append(to text: inout [UInt8]) {
        appendDate(to: &text)
        text.append(UInt8(ascii: " "))
        Self.append(hour, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(minute, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(second, digits: 2, to: &text)
        if microsecond != 0 {
            text.append(UInt8(ascii: "."))
            Self.append(microsecond, digits: 6, to: &text)
        }
        guard let offset else { return }
        text.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        Self.append(abs(offset) / 60, digits: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(abs(offset) % 60, digits: 2, to: &text)
    }

    private static func append(_ number: Int, digits: Int, to text: inout [UInt8]) {
        var scale = 1
        for _ in 1..<digits { scale *= 10 }
        while scale > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / scale % 10))
            scale /= 10
        }
    }

    /// Reads numbers of one or two digits, as Python's `strptime` does.
    private struct Reader {
        var index: Int
        let end: Int

        init(_ range: Range<Int>) {
            index = range.lowerBound
            end = range.upperBound
        }

        var isAtEnd: Bool { index == end }

        mutating func readDate(in value: Span<UInt8>) -> SeedTimestamp? {
            guard end - index >= 8 else { return nil }
            var year = 0
            for _ in 0..<4 {
                guard let digit = digit(in: value) else { return nil }
                year = year * 10 + digit
                index += 1
            }
            guard skip(UInt8(ascii: "-"), in: value), let month = readNumber(in: value, upTo: 12),
                skip(UInt8(ascii: "-"), in: value)
            else { return nil }
            // strptime allows a space in place of the first digit of the day.
            if index + 1 < end, value[index] == 0x20 {
                index += 1
                guard index + 1 >= end || !isDigit(value[index + 1]) else { return nil }
            }
            guard let day = readNumber(in: value, upTo: 31) else { return nil }
            return SeedTimestamp(year: year, month: month, day: day)
        }

        mutating func readNumber(in value: Span<UInt8>, upTo limit: Int) -> Int? {
            guard let first = digit(in: value) else { return nil }
            index += 1
            guard let second = digit(in: value), first * 10 + second <= limit else { return first }
            index += 1
            return first * 10 + second
        }

        mutating func skip(_ byte: UInt8, in value: Span<UInt8>) -> Bool {
            guard index < end, value[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func skipSpaces(in value: Span<UInt8>) -> Bool {
            let start = index
            while index < end, SeedText.isSpace(value[index]) { index += 1 }
            return index > start
        }

        private func digit(in value: Span<UInt8>) -> Int? {
            guard index < end, isDigit(value[index]) else { return nil }
            return Int(value[index]) - 0x30
        }

        private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    }
}
