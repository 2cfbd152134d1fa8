import Diagnostics
import Documents
import Foundation
import Orchestrate

/// A named calendar of excluded days: one entry under `calendars:`.
struct CalendarEntry: Sendable {
    let name: String
    let calendar: ExclusionCalendar

    /// Reads `{dates: [2026-12-25], weekdays: [sat, sun], ranges: [{from: 2026-08-01, to: 2026-08-15}], file: holidays.txt}`, or a
    /// list of dates.
    /// - Parameter directory: the project's folder, where files are looked for.
    /// - Throws: `DocumentError`, `ProjectError` or `OrchestrateError` at the value that is wrong.
    init(_ member: YAMLNode.Member, directory: String) throws {
        name = member.key
        var calendar = ExclusionCalendar()
        if let items = member.value.items {
            for item in items { calendar.days.insert(try Self.day(item)) }
            self.calendar = calendar
            return
        }
        var keys = try YAMLMapping(member.value, of: "the calendar '\(member.key)'")
        if let node = keys.optional("dates") {
            for item in node.items ?? [node] { calendar.days.insert(try Self.day(item)) }
        }
        if let node = keys.optional("weekdays") {
            for item in node.items ?? [node] { calendar.weekdays.insert(try Self.weekday(item)) }
        }
        if let node = keys.optional("ranges") {
            for item in node.items ?? [node] { calendar.ranges.append(try Self.range(item, of: member.key)) }
        }
        if let node = keys.optional("file") { calendar.days.formUnion(try Self.days(inFile: node, directory)) }
        try keys.finish()
        self.calendar = calendar
    }

    private static func day(_ node: YAMLNode) throws -> Int { try day(node.scalarText, at: node.location) }

    private static func day(_ text: String, at location: SourceLocation) throws -> Int {
        guard text.utf8.count == 10 else {
            throw DocumentError(.badValue, "'\(text)' is not a date", location: location, hint: "write it as 2026-12-25")
        }
        let moment = try located(at: location) { () throws(OrchestrateError) in try Timestamp(parsing: text) }
        return CivilTime(secondsSince1970: moment.seconds).days
    }

    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    private static func weekday(_ node: YAMLNode) throws -> Int {
        let text = node.scalarText.lowercased()
        if let index = weekdayNames.firstIndex(of: String(text.prefix(3))), text.allSatisfy(\.isLetter) { return index }
        throw DocumentError(
            .badValue, "'\(node.scalarText)' is not a day of the week", location: node.location,
            hint: "it is one of \(weekdayNames.joined(separator: ", "))")
    }

    private static func range(_ node: YAMLNode, of name: String) throws -> ClosedRange<Int> {
        var keys = try YAMLMapping(node, of: "a range of the calendar '\(name)'")
        let from = try day(keys.required("from"))
        let to = try day(keys.required("to"))
        try keys.finish()
        guard from <= to else { throw DocumentError(.badValue, "the range ends before it begins", location: node.location) }
        return from...to
    }

    /// A date at the beginning of each line; what follows it, empty lines and those that begin with `#` are for people.
    private static func days(inFile node: YAMLNode, _ directory: String) throws -> Set<Int> {
        let path = node.scalarText
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        guard let text = try? String(contentsOfFile: whole, encoding: .utf8) else {
            throw ProjectError(
                .unknownReference, "the file '\(path)' cannot be read", location: node.location,
                hint: "it is looked for from the folder of \(LeatProject.fileName)")
        }
        var days: Set<Int> = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split { $0.isWhitespace || $0 == "," || $0 == ";" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            days.insert(try day(String(first), at: SourceLocation(file: path, line: index + 1, column: 1)))
        }
        return days
    }
}
