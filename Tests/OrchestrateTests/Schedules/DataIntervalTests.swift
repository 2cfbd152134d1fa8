import Testing

@testable import Orchestrate

struct DataIntervalTests {
    private func time(_ text: String) throws -> Timestamp { try Timestamp(parsing: text) }

    private func interval(_ start: String, _ end: String) throws -> DataInterval {
        DataInterval(start: try time(start), end: try time(end))
    }

    private func daily() throws -> Schedule { .cron([try CronSchedule("@daily")]) }

    @Test("begins with the first whole interval after the start date, and leaves none out with catchup")
    func catchup() throws {
        var last: DataInterval?
        var starts: [String] = []
        for _ in 0..<3 {
            last = try daily().nextInterval(
                after: last, start: time("2024-01-01T06:00"), end: nil, catchup: true, now: time("2024-06-01T12:00"))
            starts.append(try #require(last).start.description)
        }
        #expect(starts == ["2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"])
    }

    @Test("begins with the last complete interval without catchup")
    func noCatchup() throws {
        let next = try daily().nextInterval(
            after: nil, start: time("2024-01-01"), end: nil, catchup: false, now: time("2024-06-01T12:00"))
        #expect(next == (try interval("2024-05-31", "2024-06-01")))
        let atMidnight = try daily().nextInterval(
            after: nil, start: time("2024-01-01"), end: nil, catchup: false, now: time("2024-06-01"))
        #expect(atMidnight == (try interval("2024-05-31", "2024-06-01")))
    }

    @Test("goes on after the last run, and skips a pause without catchup")
    func follows() throws {
        let last = try interval("2024-05-30", "2024-05-31")
        let next = try daily().nextInterval(
            after: last, start: time("2024-01-01"), end: nil, catchup: false, now: time("2024-05-31T12:00"))
        #expect(next == (try interval("2024-05-31", "2024-06-01")))
        let afterPause = try daily().nextInterval(
            after: last, start: time("2024-01-01"), end: nil, catchup: false, now: time("2024-07-01T12:00"))
        #expect(afterPause == (try interval("2024-06-30", "2024-07-01")))
        let caughtUp = try daily().nextInterval(
            after: last, start: time("2024-01-01"), end: nil, catchup: true, now: time("2024-07-01T12:00"))
        #expect(caughtUp == next)
    }

    @Test("waits for a start date that is to come, and stops after the end date")
    func bounds() throws {
        let first = try daily().nextInterval(
            after: nil, start: time("2030-01-01"), end: nil, catchup: false, now: time("2024-06-01"))
        #expect(first == (try interval("2030-01-01", "2030-01-02")))
        let over = try daily().nextInterval(
            after: interval("2024-01-02", "2024-01-03"), start: time("2024-01-01"), end: time("2024-01-02"), catchup: true,
            now: time("2024-06-01"))
        #expect(over == nil)
    }

    @Test("takes intervals from the start date, and runs once what runs once")
    func others() throws {
        let start = try time("2024-01-01T01:00")
        let every = Schedule.every(try IntervalSchedule(every: .seconds(6 * 3600), anchor: start))
        #expect(
            every.nextInterval(after: nil, start: start, end: nil, catchup: true, now: try time("2024-01-03"))
                == (try interval("2024-01-01T01:00", "2024-01-01T07:00")))
        let now = try time("2024-01-03")
        let once = Schedule.once.nextInterval(after: nil, start: nil, end: nil, catchup: false, now: now)
        #expect(once == DataInterval(start: now, end: now))
        #expect(Schedule.once.nextInterval(after: once, start: nil, end: nil, catchup: false, now: now) == nil)
        #expect(Schedule.manual.nextInterval(after: nil, start: start, end: nil, catchup: true, now: now) == nil)
    }
}
