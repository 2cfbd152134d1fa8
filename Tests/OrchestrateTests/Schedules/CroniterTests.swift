import Testing

@testable import Orchestrate

/// Schedules beside the tables that scripts/croniter-tables.py has made.
struct CroniterTests {
    @Test(
        "names the times that its rules say where the clocks change",
        arguments: DaylightTable.lines.split(separator: "\n").map(String.init))
    func daylight(line: String) throws {
        let cells = line.split(separator: "|").map(String.init)
        let schedule = try CronSchedule(cells[0], timeZone: try TimeZoneRules(cells[1]))
        var moment = try Timestamp(parsing: cells[2])
        for expected in cells[3..<7] {
            let before = moment
            moment = try #require(schedule.next(after: moment))
            #expect(moment.description == expected)
            #expect(schedule.previous(atOrBefore: moment) == moment)
            #expect(schedule.previous(atOrBefore: moment - .seconds(1)).map { $0 <= before } != false)
        }
    }

    @Test("differs from croniter only where a clock skips a time or shows it twice")
    func differences() {
        let lines = DaylightTable.lines.split(separator: "\n")
        let differing = lines.filter { !$0.hasSuffix("|=") }
        #expect(lines.count > 100 && differing.count < lines.count / 5)
    }

    @Test(
        "makes up for intervals as Airflow's timetables do",
        arguments: CatchupTable.lines.split(separator: "\n").map(String.init))
    func catchup(line: String) throws {
        let cells = line.split(separator: "|").map(String.init)
        func moment(_ text: String) throws -> Timestamp? { text == "-" ? nil : try Timestamp(parsing: text) }
        func interval(_ text: String) throws -> DataInterval? {
            let parts = text.split(separator: " ").map(String.init)
            guard parts.count == 2 else { return nil }
            return DataInterval(start: try Timestamp(parsing: parts[0]), end: try Timestamp(parsing: parts[1]))
        }
        let schedule = Schedule.cron([try CronSchedule(cells[0], timeZone: try TimeZoneRules(cells[1]))])
        var last = try interval(cells[6])
        for expected in cells[7...] {
            last = schedule.nextInterval(
                after: last, start: try moment(cells[2]), end: try moment(cells[3]), catchup: cells[4] == "catchup",
                now: try Timestamp(parsing: cells[5]))
            #expect(last == (try interval(expected)))
            if last == nil { break }
        }
    }
}
