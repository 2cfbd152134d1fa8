package import Documents
package import Foundation

/// What all objects of a cluster have in common.
///
/// Objects are read leniently: fields that are not known are left alone, and missing ones are empty, for servers of all
/// versions answer.
package struct ObjectMeta: Sendable, Hashable {
    package var name: String
    package var namespace: String
    /// Tells an object from others of the same name, before and after it.
    package var uid: String
    /// Opaque; of two versions nothing is known but whether they are the same.
    package var resourceVersion: String
    package var labels: [String: String]
    package var annotations: [String: String]
    package var createdAt: Date?
    /// When it will be gone, once somebody has deleted it.
    package var deletedAt: Date?
    package var finalizers: [String]

    package init(_ json: JSON) {
        name = json["name"]?.string ?? ""
        namespace = json["namespace"]?.string ?? ""
        uid = json["uid"]?.string ?? ""
        resourceVersion = json["resourceVersion"]?.string ?? ""
        labels = json["labels"]?.texts ?? [:]
        annotations = json["annotations"]?.texts ?? [:]
        createdAt = json["creationTimestamp"]?.string.flatMap { ClusterTime.date($0) }
        deletedAt = json["deletionTimestamp"]?.string.flatMap { ClusterTime.date($0) }
        finalizers = json["finalizers"]?.array?.compactMap(\.string) ?? []
    }
}

/// An object that has a name in a cluster.
package protocol ClusterObject: Sendable {
    init(_ json: JSON)
    var metadata: ObjectMeta { get }
}

extension JSON {
    /// The texts of an object's members; those of other types are left out.
    package var texts: [String: String] {
        guard let members = object else { return [:] }
        return Dictionary(members.entries.compactMap { entry in entry.value.string.map { (entry.key, $0) } }) { $1 }
    }

    /// An object of texts, ordered by key.
    package init(texts: [String: String]) {
        self = .object(Members(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    /// The member at the end of a path of keys.
    package func at(_ path: String...) -> JSON? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }
}

/// Times as the API writes them: RFC 3339 in UTC, with up to nine digits after the second.
package enum ClusterTime {
    /// - Returns: nil for a text that is no time.
    package static func date(_ text: String) -> Date? {
        guard let nanoseconds = nanoseconds(text) else { return nil }
        return Date(timeIntervalSince1970: Double(nanoseconds) / 1e9)
    }

    /// Whole seconds, as `2026-01-31T06:30:00Z`.
    package static func text(_ date: Date) -> String { text(seconds: Int(date.timeIntervalSince1970.rounded(.down))) }

    /// Nanoseconds since 1970. Exact, other than a `Date`.
    package static func nanoseconds(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        var place = 19
        var fraction = 0
        if bytes[place] == UInt8(ascii: ".") {
            place += 1
            let start = place
            while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { place += 1 }
            guard place > start, place - start <= 9, let digits = number(start..<place) else { return nil }
            fraction = digits
            for _ in (place - start)..<9 { fraction *= 10 }
        }
        guard place < bytes.count else { return nil }
        var offset = 0
        if bytes[place] != UInt8(ascii: "Z") {
            guard bytes.count >= place + 6, let hours = number(place + 1..<place + 3), let minutes = number(place + 4..<place + 6)
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[place] == UInt8(ascii: "-") ? -60 : 60)
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return seconds * 1_000_000_000 + fraction
    }

    /// `2026-01-31T06:30:00Z` of seconds since 1970.
    package static func text(seconds: Int) -> String {
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - day * 86_400
        let (year, month, date) = civil(day)
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month))-\(padded(date))T"
            + "\(padded(rest / 3600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))Z"
    }

    /// Days since 1970 of a date of the Gregorian calendar, by counting years from March on.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * month + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, date)
    }
}
