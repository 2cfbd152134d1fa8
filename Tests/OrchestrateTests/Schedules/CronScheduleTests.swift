import Testing

@testable import Orchestrate

struct CronScheduleTests {
    private func next(_ expression: String, _ after: String, zone: String = "UTC", dialect: CronSchedule.Dialect = .standard)
        throws -> String?
    {
        let zone = try TimeZoneRules(zone)
        return try CronSchedule(expression, timeZone: zone, dialect: dialect).next(after: Timestamp(parsing: after, in: zone))?
            .description
    }

    @Test(
        "finds the next time",
        arguments: [
            ("* * * * *", "2024-01-01T00:00:00", "2024-01-01T00:01:00Z"),
            ("0 */6 * * *", "2024-01-01T06:00", "2024-01-01T12:00:00Z"),
            ("0 */6 * * *", "2024-01-01T05:59:59.999", "2024-01-01T06:00:00Z"),
            ("30 2 * * mon-fri", "2024-01-05T03:00", "2024-01-08T02:30:00Z"),
            ("0 0 1 jan *", "2024-01-01", "2025-01-01T00:00:00Z"),
            ("15,45 8-10 * * *", "2024-01-01T08:45", "2024-01-01T09:15:00Z"),
            ("0 0 29 2 *", "2024-03-01", "2028-02-29T00:00:00Z"),
            ("0 0 13 * 5", "2024-01-01", "2024-01-05T00:00:00Z"),
            ("0 0 L * *", "2024-02-01", "2024-02-29T00:00:00Z"),
            ("0 0 L-2 * *", "2024-02-01", "2024-02-27T00:00:00Z"),
            ("0 0 LW * *", "2024-03-01", "2024-03-29T00:00:00Z"),
            ("0 0 LW * *", "2024-05-30", "2024-05-31T00:00:00Z"),
            ("0 0 15W * *", "2024-06-01", "2024-06-14T00:00:00Z"),
            ("0 0 15W * *", "2024-09-01", "2024-09-16T00:00:00Z"),
            ("0 0 1W * *", "2024-05-31T12:00", "2024-06-03T00:00:00Z"),
            ("0 0 31W * *", "2024-03-01", "2024-03-29T00:00:00Z"),
            ("0 0 30W * *", "2024-11-01", "2024-11-29T00:00:00Z"),
            ("0 0 * * 5L", "2024-01-01", "2024-01-26T00:00:00Z"),
            ("0 0 * * L5", "2024-01-01", "2024-01-26T00:00:00Z"),
            ("0 0 * * fri#2", "2024-01-01", "2024-01-12T00:00:00Z"),
            ("0 0 * * 1#5", "2024-02-01", "2024-04-29T00:00:00Z"),
            ("0 0 * * 7", "2024-01-01", "2024-01-07T00:00:00Z"),
            ("0 0 * * fri-mon", "2024-01-02", "2024-01-05T00:00:00Z"),
            ("0 22-2 * * *", "2024-01-01T02:00", "2024-01-01T22:00:00Z"),
            ("0 0 ? * *", "2024-01-01", "2024-01-02T00:00:00Z"),
            ("*/20 * * * * 30", "2024-01-01T00:00:30", "2024-01-01T00:20:30Z"),
            ("* * * * * */15", "2024-01-01T00:00:00", "2024-01-01T00:00:15Z"),
            ("5/20 * * * *", "2024-01-01T00:45", "2024-01-01T01:05:00Z"),
            ("@hourly", "2024-01-01T00:30", "2024-01-01T01:00:00Z"), ("@daily", "2024-01-01T00:30", "2024-01-02T00:00:00Z"),
            ("@weekly", "2024-01-01", "2024-01-07T00:00:00Z"), ("@monthly", "2024-01-31", "2024-02-01T00:00:00Z"),
            ("@yearly", "2024-01-31", "2025-01-01T00:00:00Z"), ("0 0 29 2 1", "2024-03-01", "2025-02-03T00:00:00Z"),
            ("59 23 31 12 *", "1999-12-31T23:58", "1999-12-31T23:59:00Z"),
        ])
    func finds(expression: String, after: String, expected: String) throws {
        #expect(try next(expression, after) == expected)
    }

    @Test(
        "reads Quartz expressions, as Airbyte has them",
        arguments: [
            ("0 0 12 * * ?", "2024-01-01T12:00", "2024-01-02T12:00:00Z"),
            ("0 15 10 ? * MON-FRI", "2024-01-05T11:00", "2024-01-08T10:15:00Z"),
            ("0 0 0 ? * 1", "2024-01-01", "2024-01-07T00:00:00Z"),
            ("0 0 0 ? * 6L", "2024-01-01", "2024-01-26T00:00:00Z"),
            ("0 0 0 ? * 6#3", "2024-01-01", "2024-01-19T00:00:00Z"),
            ("30 0 0 1 1 ? 2026-2028", "2024-01-01", "2026-01-01T00:00:30Z"),
        ])
    func quartz(expression: String, after: String, expected: String) throws {
        #expect(try next(expression, after, dialect: .quartz) == expected)
    }

    @Test("ends where the years end")
    func years() throws {
        #expect(try next("0 0 0 1 1 ? 2025", "2025-06-01", dialect: .quartz) == nil)
        let schedule = try CronSchedule("0 0 0 1 1 ? 2025,2027", dialect: .quartz)
        #expect(schedule.previous(atOrBefore: try Timestamp(parsing: "2024-01-01")) == nil)
        #expect(schedule.previous(atOrBefore: try Timestamp(parsing: "2026-01-01"))?.description == "2025-01-01T00:00:00Z")
    }

    @Test(
        "refuses expressions, naming what is wrong",
        arguments: [
            ("", "0 fields"), ("* * * *", "4 fields"), ("60 * * * *", "60 for the minute"), ("* 24 * * *", "24 for the hour"),
            ("* * 0 * *", "0 for the day of month"), ("* * * 13 *", "13 for the month"), ("* * * * 8", "8 for the day of week"),
            ("*/0 * * * *", "step"), ("a * * * *", "'a' for the minute"), ("1,,2 * * * *", "empty minute"),
            ("1-2-3 * * * *", "1-2-3"),
            ("0 0 30 2 *", "never comes true"), ("@dayly", "no schedule '@dayly'"), ("* * * * fri#6", "6 for the week"),
            ("* * * * mno", "'mno' for the day of week"), ("1/2/3 * * * *", "1/2/3"),
        ])
    func refuses(expression: String, why: String) {
        let error = #expect(throws: OrchestrateError.self) { try CronSchedule(expression) }
        #expect(error?.kind == .badCron)
        #expect(error?.message.contains(why) == true, "\(error?.message ?? "")")
    }

    @Test("suggests names that were meant")
    func suggests() {
        #expect(throws: OrchestrateError.self) { try CronSchedule("* * * * mno") }
        let error = #expect(throws: OrchestrateError.self) { try CronSchedule("@dayly") }
        #expect(error?.hint == "did you mean '@daily'?")
    }

    /// All times of a day and the next, in the zone: where summer time begins on 2024-03-31 at 02:00 and ends on 2024-10-27
    /// at 03:00.
    static let daylight: [(String, String, [String])] = [
        ("30 2 * * *", "2024-03-30T12:00", ["2024-03-31T01:30:00Z", "2024-04-01T00:30:00Z"]),
        ("0 2 * * *", "2024-03-30T12:00", ["2024-03-31T01:00:00Z", "2024-04-01T00:00:00Z"]),
        ("0,30 2,3 * * *", "2024-03-30T12:00", ["2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z", "2024-04-01T00:00:00Z"]),
        ("*/30 * * * *", "2024-03-31T01:30", ["2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z"]),
        ("0 */6 * * *", "2024-03-31T00:00", ["2024-03-31T04:00:00Z", "2024-03-31T10:00:00Z"]),
        ("30 2 * * *", "2024-10-26T12:00", ["2024-10-27T00:30:00Z", "2024-10-28T01:30:00Z"]),
        (
            "*/30 * * * *", "2024-10-27T02:00",
            ["2024-10-27T00:30:00Z", "2024-10-27T01:00:00Z", "2024-10-27T01:30:00Z", "2024-10-27T02:00:00Z"]
        ),
        ("0 * * * *", "2024-10-27T01:00", ["2024-10-27T00:00:00Z", "2024-10-27T01:00:00Z", "2024-10-27T02:00:00Z"]),
        ("0 */2 * * *", "2024-10-27T00:00", ["2024-10-27T00:00:00Z", "2024-10-27T03:00:00Z"]),
        ("0 9 * * 1-5", "2024-10-25T12:00", ["2024-10-28T08:00:00Z"]),
    ]

    @Test("agrees with croniter", arguments: CroniterTable.lines.split(separator: "\n").map(String.init))
    func croniter(line: String) throws {
        let parts = line.split(separator: "|").map(String.init)
        let schedule = try CronSchedule(parts[0])
        var moment = try Timestamp(parsing: parts[1])
        for expected in parts[2...] {
            moment = try #require(schedule.next(after: moment))
            #expect(moment.description == expected)
        }
    }

    @Test("keeps its rules for daylight-saving time", arguments: daylight)
    func daylightSaving(expression: String, after: String, expected: [String]) throws {
        let zone = try TimeZoneRules("Europe/Berlin")
        let schedule = try CronSchedule(expression, timeZone: zone)
        var moment = try Timestamp(parsing: after, in: zone)
        for time in expected {
            moment = try #require(schedule.next(after: moment))
            #expect(moment.description == time)
            #expect(schedule.previous(atOrBefore: moment) == moment)
        }
    }

    @Test("works where the clocks change at midnight, and where a whole day was left out")
    func oddZones() throws {
        #expect(try next("30 0 * * *", "2018-11-03T12:00", zone: "America/Sao_Paulo") == "2018-11-04T03:30:00Z")
        #expect(try next("0 12 30 12 *", "2011-12-29T13:00", zone: "Pacific/Apia") == "2011-12-30T22:00:00Z")
        #expect(try next("0 12 * * *", "2024-04-07T00:00", zone: "Australia/Lord_Howe") == "2024-04-07T01:30:00Z")
    }

    @Test(
        "goes back as it goes forth",
        arguments: ["0 */6 * * *", "*/7 * * * *", "30 2 * * *", "0 0 L * *", "0 3 * * fri#2", "* * * * * */20", "0 * * * *"])
    func previous(expression: String) throws {
        for name in ["UTC", "Europe/Berlin", "America/New_York"] {
            let zone = try TimeZoneRules(name)
            let schedule = try CronSchedule(expression, timeZone: zone)
            var moment = try Timestamp(parsing: "2024-10-26T22:30", in: zone)
            for _ in 0..<300 {
                let next = try #require(schedule.next(after: moment))
                #expect(next > moment)
                #expect(schedule.previous(atOrBefore: next) == next)
                if let before = schedule.previous(atOrBefore: next - .seconds(1)) { #expect(before <= moment) }
                moment = next
            }
        }
    }

    @Test("takes intervals from their anchor")
    func intervals() throws {
        let interval = try IntervalSchedule(every: .seconds(6 * 3600), anchor: Timestamp(parsing: "2024-01-01T01:00"))
        #expect(interval.next(after: try Timestamp(parsing: "2024-01-01T07:00")).description == "2024-01-01T13:00:00Z")
        #expect(interval.next(after: try Timestamp(parsing: "2023-01-01")).description == "2024-01-01T01:00:00Z")
        #expect(interval.previous(atOrBefore: try Timestamp(parsing: "2024-01-01T06:59"))?.description == "2024-01-01T01:00:00Z")
        #expect(interval.previous(atOrBefore: try Timestamp(parsing: "2023-01-01")) == nil)
        #expect(throws: OrchestrateError.self) { try IntervalSchedule(every: .zero) }
    }

    @Test("takes the first of several crons")
    func several() throws {
        let schedule = Schedule.cron([try CronSchedule("0 8 * * 1-5"), try CronSchedule("0 10 * * 0,6")])
        #expect(schedule.next(after: try Timestamp(parsing: "2024-01-05T09:00"))?.description == "2024-01-06T10:00:00Z")
        #expect(schedule.previous(atOrBefore: try Timestamp(parsing: "2024-01-06T09:00"))?.description == "2024-01-05T08:00:00Z")
        #expect(Schedule.manual.next(after: Timestamp(seconds: 0)) == nil)
    }
}
