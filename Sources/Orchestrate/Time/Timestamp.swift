import Foundation

/// A moment in time, in microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }
    package init(seconds: Int64) { self.microseconds = seconds * 1_000_000 }

    /// The system's clock.
    package static var now: Timestamp {
        Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1e6).rounded(.down)))
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 {
        microseconds >= 0 ? microseconds / 1_000_000 : -((-microseconds + 999_999) / 1_000_000)
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

    package static func + (a: Timestamp, b: Duration) -> Timestamp {
        Timestamp(microseconds: a.microseconds.addingReportingOverflow(b.inMicroseconds).partialValue)
    }

    package static func - (a: Timestamp, b: Duration) -> Timestamp {
        Timestamp(microseconds: a.microseconds - b.inMicroseconds)
    }

    package static func - (a: Timestamp, b: Timestamp) -> Duration {
        .microseconds(a.microseconds - b.microseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC, with microseconds where there are any: `2026-09-18T12:00:00Z`.
    package var description: String {
        let whole = seconds
        let text = CivilTime(secondsSince1970: whole).description
        let fraction = microseconds - whole * 1_000_000
        guard fraction != 0 else { return text + "Z" }
        return text + "." + CivilTime.padded(Int(fraction), 6) + "Z"
    }
}

extension Timestamp {
    /// Reads `2024-01-01`, `2024-01-01T06:30`, `2024-01-01 06:30:15.5`, each also with `Z` or `+02:00` behind it.
    /// - Parameter timeZone: where a text without offset is meant.
    /// - Throws: `OrchestrateError` with code `schedule.bad_timestamp`.
    package init(parsing text: String, in timeZone: TimeZoneRules = .utc) throws(OrchestrateError) {
        var reader = TimestampReader(text)
        guard let read = reader.read() else {
            throw OrchestrateError(
                .badTimestamp, "'\(text)' is not a date and time",
                hint: "write 2024-01-31, 2024-01-31T06:30:00 or 2024-01-31T06:30:00+02:00")
        }
        let local = read.time.secondsSince1970
        let seconds = read.offset.map { local - Int64($0) } ?? timeZone.seconds(ofLocal: local)
        self.init(microseconds: seconds * 1_000_000 + Int64(read.microseconds))
    }
}
