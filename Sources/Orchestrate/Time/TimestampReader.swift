/// Reads ISO 8601 dates and times from bytes.
struct TimestampReader {
    struct Result {
        var time: CivilTime
        var microseconds: Int
        /// Seconds east of Greenwich; nil where the text does not say.
        var offset: Int?
    }

    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func read() -> Result? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
            (1...12).contains(month), (1...CivilTime.daysIn(month: month, year: year)).contains(day)
        else { return nil }
        var result = Result(time: CivilTime(year: year, month: month, day: day), microseconds: 0, offset: nil)
        guard place < bytes.count else { return result }
        guard take("T") || take("t") || take(" ") else { return nil }
        guard let hour = digits(2), hour < 24, take(":"), let minute = digits(2), minute < 60 else { return nil }
        result.time.hour = hour
        result.time.minute = minute
        if take(":") {
            guard let second = digits(2), second < 60 else { return nil }
            result.time.second = second
            if take(".") {
                guard let fraction = fraction() else { return nil }
                result.microseconds = fraction
            }
        }
        if place < bytes.count {
            guard let offset = offset() else { return nil }
            result.offset = offset
        }
        return place == bytes.count ? result : nil
    }

    private mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = digits(2), hours < 24 else { return nil }
        _ = take(":")
        guard place < bytes.count else { return sign * hours * 3600 }
        guard let minutes = digits(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private mutating func fraction() -> Int? {
        var value = 0
        var count = 0
        while place < bytes.count, let digit = digit(bytes[place]) {
            if count < 6 { value = value * 10 + digit }
            count += 1
            place += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    private mutating func digits(_ count: Int) -> Int? {
        guard place + count <= bytes.count else { return nil }
        var value = 0
        for offset in place..<(place + count) {
            guard let digit = digit(bytes[offset]) else { return nil }
            value = value * 10 + digit
        }
        place += count
        return value
    }

    private func digit(_ byte: UInt8) -> Int? { byte &- 48 < 10 ? Int(byte &- 48) : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }
}
