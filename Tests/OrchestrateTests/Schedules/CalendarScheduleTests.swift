import Testing

@testable import Orchestrate

@Suite("Calendars with exclusions")
struct CalendarScheduleTests {
    private func day(_ text: String) throws -> Int {
        CivilTime(secondsSince1970: try Timestamp(parsing: text).seconds).days
    }

    private func schedule(
        _ expression: String, _ rule: CalendarSchedule.Rule, zone: String = "UTC", _ calendar: ExclusionCalendar
    ) throws -> Schedule {
        let zone = try TimeZoneRules(zone)
        return .calendar(
            CalendarSchedule(.cron([try CronSchedule(expression, timeZone: zone)]), excluding: calendar, rule: rule, zone: zone))
    }

    private func times(_ schedule: Schedule, from: String, count: Int) throws -> [String] {
        var moment = try Timestamp(parsing: from) - .microseconds(1)
        var found: [String] = []
        while found.count < count, let next = schedule.next(after: moment) {
            found.append(String(next.description.prefix(16)))
            moment = next
        }
        return found
    }

    // 2026-12-25 is a Friday.
    @Test(
        "excluded times are left out, or moved to the next or the last day that is not excluded",
        arguments: [
            (CalendarSchedule.Rule.skip, ["2026-12-24T06:00", "2026-12-28T06:00", "2026-12-29T06:00"]),
            (.next, ["2026-12-24T06:00", "2026-12-28T06:00", "2026-12-29T06:00"]),
            (.previous, ["2026-12-24T06:00", "2026-12-28T06:00", "2026-12-29T06:00"]),
        ])
    func daily(rule: CalendarSchedule.Rule, expected: [String]) throws {
        let calendar = ExclusionCalendar(days: [try day("2026-12-25")], weekdays: [0, 6])
        #expect(try times(try schedule("0 6 * * *", rule, calendar), from: "2026-12-24", count: 3) == expected)
    }

    @Test("what runs once a month is moved and keeps its time of day")
    func monthly() throws {
        let calendar = ExclusionCalendar(ranges: [(try day("2026-08-01"))...(try day("2026-08-15"))], weekdays: [0, 6])
        #expect(
            try times(try schedule("30 5 1 * *", .next, calendar), from: "2026-07-01", count: 3)
                == ["2026-07-01T05:30", "2026-08-17T05:30", "2026-09-01T05:30"])
        #expect(
            try times(try schedule("30 5 1 * *", .previous, calendar), from: "2026-07-02", count: 3)
                == ["2026-07-31T05:30", "2026-09-01T05:30", "2026-10-01T05:30"])
        #expect(
            try times(try schedule("30 5 1 * *", .skip, calendar), from: "2026-07-02", count: 2)
                == ["2026-09-01T05:30", "2026-10-01T05:30"])
        let interval = try schedule("0 6 * * *", .skip, calendar).nextInterval(
            after: nil, start: try Timestamp(parsing: "2026-07-31"), end: nil, catchup: true,
            now: try Timestamp(parsing: "2026-09-01"))
        #expect(interval?.start.description.prefix(10) == "2026-07-31" && interval?.end.description.prefix(10) == "2026-08-17")
    }

    @Test("days are those of the zone, on either side of a change of the clocks")
    func zones() throws {
        // Sunday 2026-03-29: clocks go from 2:00 to 3:00 in Berlin.
        let calendar = ExclusionCalendar(weekdays: [0])
        #expect(
            try times(try schedule("30 0 * * *", .next, zone: "Europe/Berlin", calendar), from: "2026-03-27T12:00", count: 2)
                == ["2026-03-27T23:30", "2026-03-29T22:30"])
    }

    @Test("a calendar that leaves nothing over has no next time")
    func nothing() throws {
        let all = ExclusionCalendar(weekdays: Set(0...6))
        #expect(try schedule("0 6 * * *", .next, all).next(after: Timestamp(seconds: 0)) == nil)
        #expect(try schedule("0 6 * * *", .previous, all).previous(atOrBefore: Timestamp(seconds: 0)) == nil)
    }

    @Test("next and previous name the same times as a search through all days", arguments: 0..<24)
    func property(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let expressions = ["0 6 * * *", "30 5 1 * *", "0 */7 * * *", "15 9 * * 1,5", "0 0 29 2 *", "59 23 31 * *"]
        let rule = CalendarSchedule.Rule.allCases[seed % 3]
        let zoneName = ["UTC", "Europe/Berlin", "America/St_Johns"][seed / 3 % 3]
        let zone = try TimeZoneRules(zoneName)
        let expression = expressions[seed % expressions.count]
        let first = try day("2027-06-01")
        let calendar = ExclusionCalendar(
            days: Set((0..<20).map { _ in first + Int.random(in: 0..<400, using: &random) }),
            ranges: [(first + 30)...(first + 30 + Int.random(in: 0..<20, using: &random))],
            weekdays: seed.isMultiple(of: 2) ? [0, 6] : [])
        let base = Schedule.cron([try CronSchedule(expression, timeZone: zone)])
        // All times over a span, each moved by itself.
        var expected: Set<Timestamp> = []
        let begin = Timestamp(seconds: Int64(first - 60) * 86_400)
        let end = Timestamp(seconds: Int64(first + 460) * 86_400)
        var moment = begin
        while let time = base.next(after: moment), time < end {
            moment = time
            let local = time.seconds + zone.offset(at: time.seconds)
            var day = CivilTime(secondsSince1970: local).days
            let ofDay = local - Int64(day) * 86_400
            guard calendar.contains(day) else {
                expected.insert(time)
                continue
            }
            if rule == .skip { continue }
            while calendar.contains(day) { day += rule == .next ? 1 : -1 }
            expected.insert(Timestamp(seconds: zone.seconds(ofLocal: Int64(day) * 86_400 + ofDay)))
        }
        let from = Timestamp(seconds: Int64(first) * 86_400)
        let to = Timestamp(seconds: Int64(first + 400) * 86_400)
        let wanted = expected.filter { $0 >= from && $0 < to }.sorted()
        let schedule = try schedule(expression, rule, zone: zoneName, calendar)
        var forward: [Timestamp] = []
        moment = from - .microseconds(1)
        while let next = schedule.next(after: moment), next < to {
            forward.append(next)
            moment = next
        }
        var backward: [Timestamp] = []
        moment = to - .microseconds(1)
        while let previous = schedule.previous(atOrBefore: moment), previous >= from {
            backward.append(previous)
            moment = previous - .microseconds(1)
        }
        #expect(forward == wanted)
        #expect(backward.reversed() == wanted)
    }
}
