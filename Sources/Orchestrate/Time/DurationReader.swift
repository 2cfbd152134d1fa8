import Diagnostics

/// Reads lengths of time from text.
struct DurationReader {
    private let text: String
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    private static let units: [String: Double] = [
        "us": 1e-6, "microsecond": 1e-6, "microseconds": 1e-6,
        "ms": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
        "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
        "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
        "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
        "d": 86_400, "day": 86_400, "days": 86_400,
        "w": 604_800, "week": 604_800, "weeks": 604_800,
    ]

    /// Numbers with units, from large to small or in any order; a number alone is seconds.
    mutating func readUnits() throws(OrchestrateError) -> Duration {
        var total = 0.0
        var used: Set<Double> = []
        skipSpace()
        guard place < bytes.count else { throw failure("a length of time is missing") }
        while place < bytes.count {
            guard let value = number() else { throw failure("'\(text)' is not a length of time") }
            skipSpace()
            let unit = word()
            if unit.isEmpty {
                guard used.isEmpty, place == bytes.count else { throw failure("'\(text)' has a number without a unit") }
                return try duration(value)
            }
            guard let length = Self.units[unit.lowercased()] else {
                throw failure("'\(text)' has the unknown unit '\(unit)'", unit: unit)
            }
            guard used.insert(length).inserted else { throw failure("'\(text)' has the unit '\(unit)' twice") }
            total += value * length
            skipSpace()
        }
        return try duration(total)
    }

    /// ISO 8601: `P[nW][nD][T[nH][nM][nS]]`. Months and years have no fixed length and are refused.
    mutating func readISO() throws(OrchestrateError) -> Duration {
        skipSpace()
        place += 1
        var total = 0.0
        var inTime = false
        var count = 0
        while place < bytes.count {
            if !inTime, bytes[place] | 0x20 == UInt8(ascii: "t") {
                inTime = true
                place += 1
                continue
            }
            guard let value = number(), place < bytes.count else { throw failure("'\(text)' is not an ISO 8601 duration") }
            let unit = Character(Unicode.Scalar(bytes[place] & ~0x20))
            place += 1
            switch (unit, inTime) {
            case ("W", false): total += value * 604_800
            case ("D", false): total += value * 86_400
            case ("H", true): total += value * 3600
            case ("M", true): total += value * 60
            case ("S", true): total += value
            case ("M", false), ("Y", false): throw failure("'\(text)': months and years have no fixed length, use days or weeks")
            default: throw failure("'\(text)' is not an ISO 8601 duration")
            }
            count += 1
        }
        guard count > 0 else { throw failure("'\(text)' is not an ISO 8601 duration") }
        return try duration(total)
    }

    private func duration(_ seconds: Double) throws(OrchestrateError) -> Duration {
        guard seconds.isFinite, seconds < 9e11 else { throw failure("'\(text)' is too long a time") }
        let whole = seconds.rounded(.down)
        return .seconds(Int64(whole)) + .microseconds(Int64(((seconds - whole) * 1e6).rounded()))
    }

    private mutating func number() -> Double? {
        let start = place
        while place < bytes.count, bytes[place] &- 48 < 10 || bytes[place] == UInt8(ascii: ".") { place += 1 }
        guard place > start else { return nil }
        return Double(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    private mutating func word() -> String {
        let start = place
        while place < bytes.count, (bytes[place] | 0x20) &- 97 < 26 { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipSpace() {
        while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    }

    private func failure(_ message: String, unit: String? = nil) -> OrchestrateError {
        let suggestion = unit.flatMap { Suggestion.hint(for: $0.lowercased(), in: Self.units.keys.sorted()) }
        return OrchestrateError(.badDuration, message, hint: suggestion ?? "write it as 90s, 60m, 1h30m, 7d or PT1H30M")
    }
}
