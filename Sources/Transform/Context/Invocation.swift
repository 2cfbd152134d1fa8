package import Documents
import Foundation

/// One call of the program, as templates and artifacts describe it.
package struct Invocation: Sendable {
    package var id: String
    package var startedAt: DateTimeStamp
    package var command = "build"
    package var arguments = JSON.Members()
    /// The flags that templates see: `flags.FULL_REFRESH`.
    package var flags = JSON.Members()

    /// The release of dbt that this engine does the work of.
    package static let dbtVersion = "1.12.0"
    /// The release of dbt's adapter for Postgres whose behaviour it has.
    package static let adapterVersion = "1.11.0"

    package init(id: String = UUID().uuidString.lowercased(), startedAt: DateTimeStamp = .now()) {
        self.id = id
        self.startedAt = startedAt
    }
}

/// A moment, written as artifacts write it.
package struct DateTimeStamp: Sendable, Hashable {
    package var secondsSince1970: Double

    package init(secondsSince1970: Double) { self.secondsSince1970 = secondsSince1970 }

    /// A moment in ISO 8601, in UTC where it names no zone.
    package init?(parsing text: String) {
        guard let time = DateTime(parsing: text) else { return nil }
        secondsSince1970 = Double(time.utcMicroseconds) / 1_000_000
    }

    package static func now() -> DateTimeStamp { DateTimeStamp(secondsSince1970: Date().timeIntervalSince1970) }

    var dateTime: DateTime { DateTime(microseconds: Int(secondsSince1970 * 1_000_000)) }

    /// `2026-11-22T16:07:28.497523Z`.
    package var artifactText: String {
        let time = dateTime
        return "\(time.isoDate)T\(time.clock).\(DateTime.padded(time.microsecond, 6))Z"
    }
}
