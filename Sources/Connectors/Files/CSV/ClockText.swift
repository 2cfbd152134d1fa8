/// Dates and times of ISO 8601, read from bytes.
struct ClockText {
    /// Days since 2000-01-01; nil for a time alone.
    var days: Int?
    /// Microseconds since midnight; nil for a date alone.
    var microseconds: Int?
    /// Seconds east of Greenwich; nil where there is no zone.
    var offset: Int?

    /// - Returns: nil if the bytes are neither a date nor a time nor both.
    static func parse(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> ClockText? {
        usual(bytes, count) ?? unusual(bytes, count)
    }

    /// Years before 1 and after 9999, times of one digit, zones without a colon.
    private static func unusual(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> ClockText? {
        guard count >= 4, count < 64, bytes[0] &- UInt8(ascii: "0") <= 9,
            let text = TimeText(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        else { return nil }
        return ClockText(days: text.days, microseconds: text.microseconds, offset: text.offset)
    }

    /// `2024-02-29`, `2024-02-29 12:34:56.789` and `2024-02-29T12:34:56Z` or `+02:00`; `12:34:56`.
    private static func usual(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> ClockText? {
        var clock = ClockText()
        var place = 0
        if count >= 10, bytes[4] == UInt8(ascii: "-") {
            guard bytes[7] == UInt8(ascii: "-"), let year = digits(bytes, 4), let month = digits(bytes + 5, 2),
                let day = digits(bytes + 8, 2), year > 0, month >= 1, month <= 12, day >= 1, day <= length(year, month)
            else { return nil }
            clock.days = CivilDay.number(year, month, day)
            if count == 10 { return clock }
            guard bytes[10] == 0x20 || bytes[10] | 0x20 == UInt8(ascii: "t") else { return nil }
            place = 11
        }
        guard count >= place + 8, bytes[place + 2] == UInt8(ascii: ":"), bytes[place + 5] == UInt8(ascii: ":"),
            let hour = digits(bytes + place, 2), let minute = digits(bytes + place + 3, 2),
            let second = digits(bytes + place + 6, 2), hour < 24, minute < 60, second < 60
        else { return nil }
        var time = ((hour * 60 + minute) * 60 + second) * 1_000_000
        place += 8
        if place < count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            var unit = 100_000
            let first = place
            while place < count, bytes[place] &- UInt8(ascii: "0") <= 9 {
                // The seventh digit decides about rounding, which the other way does.
                if unit == 0 { return nil }
                time += Int(bytes[place] - UInt8(ascii: "0")) * unit
                unit /= 10
                place += 1
            }
            if place == first { return nil }
        }
        clock.microseconds = time
        if place == count { return clock }
        if count == place + 1, bytes[place] | 0x20 == UInt8(ascii: "z") {
            clock.offset = 0
            return clock
        }
        let sign = bytes[place]
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), count == place + 3 || count == place + 6,
            let hours = digits(bytes + place + 1, 2), hours < 16
        else { return nil }
        var seconds = hours * 3600
        if count == place + 6 {
            guard bytes[place + 3] == UInt8(ascii: ":"), let minutes = digits(bytes + place + 4, 2), minutes < 60 else {
                return nil
            }
            seconds += minutes * 60
        }
        clock.offset = sign == UInt8(ascii: "-") ? -seconds : seconds
        return clock
    }

    @inline(__always)
    private static func digits(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        var value = 0
        for place in 0..<count {
            let digit = bytes[place] &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    @inline(__always)
    private static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Microseconds since 2000-01-01, in the zone that is named or in that of the text.
    var instant: Int? {
        days.map { $0 * 86_400_000_000 + (microseconds ?? 0) - (offset ?? 0) * 1_000_000 }
    }
}

/// The days of the calendar, counted from 2000-01-01.
enum CivilDay {
    /// - Parameter year: astronomical: the year before 1 is 0.
    @inline(__always)
    static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Counted from March, so that the leap day is the last.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }
}
