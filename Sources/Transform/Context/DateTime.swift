import Foundation

/// A day and a time in the Gregorian calendar, with Python's arithmetic and formats. Without a time zone unless `offset` is set.
struct DateTime: Sendable, Hashable {
    /// Since 1970-01-01 00:00 of its own clock, in microseconds.
    var microseconds: Int
    /// Seconds east of Greenwich; nil where the zone is not known.
    var offset: Int?

    init(microseconds: Int, offset: Int? = nil) {
        self.microseconds = microseconds
        self.offset = offset
    }

    init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0, offset: Int? = nil
    ) {
        let days = Self.days(year: year, month: month, day: day)
        microseconds = ((days * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + microsecond
        self.offset = offset
    }

    /// Now, in UTC.
    static func now() -> DateTime {
        DateTime(microseconds: Int(Date().timeIntervalSince1970 * 1_000_000), offset: nil)
    }

    /// `2024-01-31`, `2024-01-31 12:30:00.25+00`, with a space or T between.
    init?(parsing text: String) {
        var numbers: [Int] = []
        var fraction = 0
        var current = 0
        var digits = 0
        var zone: Int?
        let bytes = Array(text.utf8)
        var index = 0
        func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
        while index < bytes.count {
            let byte = bytes[index]
            if isDigit(byte) {
                current = current * 10 + Int(byte - 48)
                digits += 1
                guard digits < 10 else { return nil }
            } else if numbers.count >= 3, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
                let sign = byte == UInt8(ascii: "-") ? -1 : 1
                let rest = bytes[(index + 1)...].filter(isDigit).map { Int($0 - 48) }
                guard rest.count >= 2 else { return nil }
                zone = sign * ((rest[0] * 10 + rest[1]) * 3600 + (rest.count >= 4 ? (rest[2] * 10 + rest[3]) * 60 : 0))
                break
            } else if byte == UInt8(ascii: "."), numbers.count == 5 {
                numbers.append(current)
                (current, digits) = (0, 0)
                let tail = bytes[(index + 1)...].prefix(while: isDigit)
                fraction = Int(String(decoding: tail, as: UTF8.self).padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
                index += tail.count
            } else if [UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "T")].contains(byte), digits > 0 {
                numbers.append(current)
                (current, digits) = (0, 0)
            } else if byte == UInt8(ascii: "Z") {
                zone = 0
            } else {
                return nil
            }
            index += 1
        }
        if digits > 0 { numbers.append(current) }
        guard numbers.count >= 3, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
        numbers += [0, 0, 0]
        guard numbers[3] < 25, numbers[4] < 60, numbers[5] < 61 else { return nil }
        self.init(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4], second: numbers[5],
            microsecond: fraction, offset: zone)
    }

    /// Days since 1970-01-01. Howard Hinnant's `days_from_civil` (chrono-compatible low-level date algorithms).
    static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Days since 1970-01-01.
    var dayNumber: Int { Int((Double(microseconds) / 86_400_000_000).rounded(.down)) }
    private var timeOfDay: Int { microseconds - dayNumber * 86_400_000_000 }

    /// The inverse of ``days(year:month:day:)``, by the same source.
    var civil: (year: Int, month: Int, day: Int) {
        let z = dayNumber + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }

    var hour: Int { timeOfDay / 3_600_000_000 }
    var minute: Int { timeOfDay / 60_000_000 % 60 }
    var second: Int { timeOfDay / 1_000_000 % 60 }
    var microsecond: Int { timeOfDay % 1_000_000 }
    /// Monday is 0.
    var weekday: Int { ((dayNumber + 3) % 7 + 7) % 7 }
    var dayOfYear: Int { dayNumber - Self.days(year: civil.year, month: 1, day: 1) + 1 }

    var isoDate: String {
        let (year, month, day) = civil
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// Python's `isoformat`, with the separator of `str()` if it is a space.
    func isoFormat(separator: String = "T") -> String {
        var text = isoDate + separator + clock
        if microsecond != 0 { text += "." + Self.padded(microsecond, 6) }
        if let offset { text += Self.offsetText(offset, colon: true) }
        return text
    }

    var clock: String { "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))" }

    static func offsetText(_ offset: Int, colon: Bool) -> String {
        let minutes = abs(offset) / 60
        return (offset < 0 ? "-" : "+") + padded(minutes / 60, 2) + (colon ? ":" : "") + padded(minutes % 60, 2)
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(abs(number))
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
