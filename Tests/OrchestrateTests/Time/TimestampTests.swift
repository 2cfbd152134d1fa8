import Foundation
import Testing

@testable import Orchestrate

struct TimestampTests {
    @Test(
        "reads and writes ISO 8601",
        arguments: [
            ("2024-01-01", "2024-01-01T00:00:00Z"), ("2024-02-29T06:30", "2024-02-29T06:30:00Z"),
            ("2024-01-01 06:30:15.5", "2024-01-01T06:30:15.500000Z"), ("2024-01-01T00:00:00+02:00", "2023-12-31T22:00:00Z"),
            ("2024-01-01T00:00:00-0530", "2024-01-01T05:30:00Z"), ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ])
    func reads(text: String, written: String) throws {
        let timestamp = try Timestamp(parsing: text)
        #expect(timestamp.description == written)
        #expect(try Timestamp(parsing: written) == timestamp)
    }

    @Test(
        "refuses what is no time",
        arguments: ["", "today", "2024-13-01", "2023-02-29", "2024-01-01T25:00", "2024-01-01Z0", "2024-01-01T00:00:00+2"])
    func refuses(text: String) {
        #expect(throws: OrchestrateError.self) { try Timestamp(parsing: text) }
    }

    @Test("agrees with Foundation's calendar on every 97th day of 800 years")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        for day in stride(from: -70_000, to: 220_000, by: 97) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            let civil = CivilTime(secondsSince1970: Int64(day) * 86_400)
            #expect(civil.year == parts.year && civil.month == parts.month && civil.day == parts.day)
            #expect(civil.weekday + 1 == parts.weekday)
            #expect(civil.days == day)
        }
    }

    @Test("finds the moment of a wall clock's time, in gaps and in repeated hours")
    func wallClock() throws {
        let berlin = try TimeZoneRules("Europe/Berlin")
        #expect(try Timestamp(parsing: "2024-07-01T12:00", in: berlin).description == "2024-07-01T10:00:00Z")
        #expect(try Timestamp(parsing: "2024-03-31T02:30", in: berlin).description == "2024-03-31T01:30:00Z")
        #expect(try Timestamp(parsing: "2024-10-27T02:30", in: berlin).description == "2024-10-27T00:30:00Z")
        let kiritimati = try TimeZoneRules("Pacific/Kiritimati")
        #expect(try Timestamp(parsing: "2024-07-01T12:00", in: kiritimati).description == "2024-06-30T22:00:00Z")
    }

    @Test("suggests the time zone that was meant")
    func zones() {
        let error = #expect(throws: OrchestrateError.self) { try TimeZoneRules("Europe/Berln") }
        #expect(error?.hint == "did you mean 'Europe/Berlin'?")
        #expect(throws: OrchestrateError.self) { try TimeZoneRules("nowhere") }
    }
}
