extension SeedTimestamp {
    /// `2024-03-31T23:59:59.25+02:00` and the other forms of ISO 8601 that Python's `isodate` reads: basic and extended, week
    /// and ordinal dates, reduced accuracy, a decimal fraction of the last unit.
    init?(iso8601 value: Span<UInt8>) {
        let range = SeedText.trimmed(value)
        var separator: Int?
        for index in range where value[index] == UInt8(ascii: "T") {
            guard separator == nil else { return nil }
            separator = index
        }
        guard let separator, range.count <= 64,
            var result = Self.isoDate(ISOParts(value.extracting(range.lowerBound..<separator))),
            result.setTime(value.extracting(separator + 1..<range.upperBound))
        else { return nil }
        self = result
    }

    /// A text as its digits and its shape, in which each digit is a `0`: `2024-W05` is `0000-W00`.
    private struct ISOParts {
        var shape = ""
        var digits: [Int] = []

        init(_ value: Span<UInt8>) {
            for index in value.indices {
                let byte = value[index]
                if byte >= 0x30, byte <= 0x39 {
                    digits.append(Int(byte) - 0x30)
                    shape.append("0")
                } else {
                    shape.unicodeScalars.append(Unicode.Scalar(byte))
                }
            }
        }

        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    }

    private static func isoDate(_ parts: ISOParts) -> SeedTimestamp? {
        func month(_ range: Range<Int>) -> Int { parts.number(range) == 0 ? 1 : parts.number(range) }
        switch parts.shape {
        case "0000-00-00", "00000000":
            return SeedTimestamp(year: parts.number(0..<4), month: month(4..<6), day: parts.number(6..<8))
        case "0000-W00-0", "0000W000":
            return week(parts.number(4..<6), day: parts.number(6..<7), of: parts.number(0..<4))
        case "0000-000", "0000000":
            return day(parts.number(4..<7) - 1, after: parts.number(0..<4))
        case "0000-W00", "0000W00":
            return week(parts.number(4..<6), day: 1, of: parts.number(0..<4))
        case "0000-00", "000000":
            return SeedTimestamp(year: parts.number(0..<4), month: month(4..<6), day: 1)
        case "0000":
            return SeedTimestamp(year: parts.number(0..<4), month: 1, day: 1)
        case "00":
            return SeedTimestamp(year: parts.number(0..<2) * 100 + 1, month: 1, day: 1)
        default:
            return nil
        }
    }

    /// A day of an ISO week: week 1 holds the year's first Thursday.
    private static func week(_ week: Int, day weekday: Int, of year: Int) -> SeedTimestamp? {
        guard year >= 1 else { return nil }
        let first = (dayNumber(year: year, month: 1, day: 1) + 3) % 7
        let weekdayOfNewYear = (first + 7) % 7 + 1
        let weeks = week - (weekdayOfNewYear <= 4 ? 1 : 0)
        return day(weeks * 7 - weekdayOfNewYear + weekday, after: year)
    }

    /// The day so many days after 1 January.
    private static func day(_ days: Int, after year: Int) -> SeedTimestamp? {
        guard year >= 1 else { return nil }
        let number = dayNumber(year: year, month: 1, day: 1) + days
        for candidate in year - 1...year + 1 {
            let start = dayNumber(year: candidate, month: 1, day: 1)
            guard number >= start, number < dayNumber(year: candidate + 1, month: 1, day: 1) else { continue }
            for month in 1...12 {
                let start = dayNumber(year: candidate, month: month, day: 1)
                if number < start + 31, let found = SeedTimestamp(year: candidate, month: month, day: number - start + 1) {
                    return found
                }
            }
        }
        return nil
    }

    /// Days since 1970-01-01, by Howard Hinnant's algorithm for the proleptic Gregorian calendar.
    private static func dayNumber(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private mutating func setTime(_ value: Span<UInt8>) -> Bool {
        var end = value.count
        for index in value.indices {
            let byte = value[index]
            guard byte == UInt8(ascii: "Z") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") else { continue }
            guard let zone = Self.zone(ISOParts(value.extracting(index..<value.count))) else { return false }
            offset = zone
            end = index
            break
        }
        var fraction: [Int] = []
        var mainEnd = end
        for index in 0..<end where value[index] == UInt8(ascii: ".") || value[index] == UInt8(ascii: ",") {
            let parts = ISOParts(value.extracting(index + 1..<end))
            guard !parts.digits.isEmpty, parts.digits.count == parts.shape.utf8.count else { return false }
            fraction = parts.digits
            mainEnd = index
            break
        }
        let parts = ISOParts(value.extracting(0..<mainEnd))
        switch parts.shape {
        case "00:00:00", "000000":
            (hour, minute, second) = (parts.number(0..<2), parts.number(2..<4), parts.number(4..<6))
            microsecond = (0..<6).reduce(0) { $0 * 10 + ($1 < fraction.count ? fraction[$1] : 0) }
        case "00:00", "0000":
            (hour, minute) = (parts.number(0..<2), parts.number(2..<4))
            var rest = Fraction(fraction)
            second = rest.take(60)
            microsecond = rest.take(1_000_000)
        case "00":
            hour = parts.number(0..<2)
            var rest = Fraction(fraction)
            minute = rest.take(60)
            second = rest.take(60)
            microsecond = rest.rounded(1_000_000)
        default:
            return false
        }
        return hour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000
    }

    private static func zone(_ parts: ISOParts) -> Int? {
        if parts.shape == "Z" { return 0 }
        guard ["00", "0000", "00:00"].contains(parts.shape.dropFirst()) else { return nil }
        let minutes = parts.number(0..<2) * 60 + (parts.digits.count == 4 ? parts.number(2..<4) : 0)
        return parts.shape.hasPrefix("-") ? -minutes : minutes
    }

    /// A number below 1, to 12 digits.
    private struct Fraction {
        private var numerator = 0
        private var denominator = 1

        init(_ digits: [Int]) {
            for digit in digits.prefix(12) {
                numerator = numerator * 10 + digit
                denominator *= 10
            }
        }

        /// How many of `units` it holds; keeps the rest.
        mutating func take(_ units: Int) -> Int {
            numerator *= units
            defer { numerator %= denominator }
            return numerator / denominator
        }

        func rounded(_ units: Int) -> Int {
            let (quotient, rest) = (numerator * units).quotientAndRemainder(dividingBy: denominator)
            return rest * 2 > denominator || (rest * 2 == denominator && quotient % 2 == 1) ? quotient + 1 : quotient
        }
    }
}
