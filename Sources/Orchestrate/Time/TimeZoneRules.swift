import Diagnostics
import Foundation

/// A time zone by its IANA name, with all its changes between standard and summer time.
package struct TimeZoneRules: Sendable, Hashable, CustomStringConvertible {
    package let identifier: String
    /// nil for UTC, which needs no rules.
    private let zone: TimeZone?

    package static let utc = TimeZoneRules(identifier: "UTC", zone: nil)

    private init(identifier: String, zone: TimeZone?) {
        self.identifier = identifier
        self.zone = zone
    }

    /// - Throws: `OrchestrateError` with code `schedule.unknown_time_zone`.
    package init(_ identifier: String) throws(OrchestrateError) {
        if ["UTC", "utc", "Etc/UTC", "Z", "GMT", "Etc/GMT"].contains(identifier) {
            self = .utc
            return
        }
        let isKnownForm = identifier.contains("/") || TimeZone.knownTimeZoneIdentifiers.contains(identifier)
        guard isKnownForm, let zone = TimeZone(identifier: identifier) else {
            throw OrchestrateError(
                .unknownTimeZone, "there is no time zone '\(identifier)'",
                hint: Suggestion.hint(for: identifier, in: TimeZone.knownTimeZoneIdentifiers)
                    ?? "use an IANA name such as Europe/Berlin, or UTC")
        }
        self.init(identifier: identifier, zone: zone)
    }

    package var description: String { identifier }

    /// Seconds east of Greenwich at a moment (seconds since 1970).
    package func offset(at seconds: Int64) -> Int64 {
        guard let zone else { return 0 }
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    /// The moment at which a wall clock shows `local`, both in seconds since 1970.
    ///
    /// A time that the clock shows twice, when summer time ends, is the first of the two. One that it never shows, when
    /// summer time begins, is moved on by the length of the gap: 02:30 is 03:30.
    package func seconds(ofLocal local: Int64) -> Int64 {
        guard zone != nil else { return local }
        // No zone changes twice within two days, so one of the offsets around is right.
        let before = offset(at: local - 86_400)
        let early = local - before
        if offset(at: early) == before { return early }
        let late = local - offset(at: local + 86_400)
        if late + offset(at: late) == local { return late }
        return early
    }
}
