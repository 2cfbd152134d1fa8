/// A cron expression in a time zone.
///
/// Five fields (minute, hour, day of month, month, day of week) or six, with names (`mon`, `jan`), lists, ranges (also
/// wrapping, `fri-mon`), steps, `L`, `L-3`, `LW`, `15W`, `5L` or `L5` (last Friday), `fri#2`, `?`, and `@hourly`, `@daily`,
/// `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`. Where day of month and day of week are both given, either
/// is enough.
///
/// Daylight-saving time:
/// - An expression whose hour field contains every hour follows real time: `*/15 * * * *` runs every 15 minutes also
///   through the hour that occurs twice, and not at all for the hour that is left out.
/// - Any other runs once for each time of day that it names. One that occurs twice counts the first time; one that is left
///   out is moved on by the length of the gap: 02:30 becomes 03:30.
package struct CronSchedule: Sendable, Hashable, CustomStringConvertible {
    /// How fields are counted.
    package enum Dialect: Sendable, Hashable {
        /// As cron, Airflow and croniter: Sunday is 0 or 7; a sixth field is the seconds.
        case standard
        /// As Quartz and Airbyte: the seconds come first, Sunday is 1, a seventh field is the year.
        case quartz
    }

    package let expression: String
    package let timeZone: TimeZoneRules
    package let dialect: Dialect
    let fields: CronFields

    /// - Throws: `OrchestrateError` with code `schedule.bad_cron`.
    package init(
        _ expression: String, timeZone: TimeZoneRules = .utc, dialect: Dialect = .standard
    ) throws(OrchestrateError) {
        var parser = CronParser(expression, dialect: dialect)
        self.expression = expression
        self.timeZone = timeZone
        self.dialect = dialect
        fields = try parser.parse()
        let start = CivilTime(year: fields.years?.first ?? 1970, month: 1, day: 1).secondsSince1970 - 86_400
        guard next(after: Timestamp(seconds: start)) != nil else {
            throw OrchestrateError(
                .badCron, "the cron expression '\(expression)' never comes true",
                hint: "no month has that day")
        }
    }

    package var description: String {
        timeZone == .utc ? expression : "\(expression) \(timeZone)"
    }

    /// The first time after `moment` that the expression names; nil when there is none, as in a year that has passed.
    package func next(after moment: Timestamp) -> Timestamp? {
        let after = moment.seconds
        var date = CivilTime(secondsSince1970: after + timeZone.offset(at: after))
        var day = date.days - 1
        date = CivilTime(secondsSince1970: Int64(day) * 86_400)
        // The calendar repeats every 400 years, the rarest dates (29 February on a given weekday) within 40.
        let limit = fields.years.map { CivilTime(year: ($0.last ?? 1970) + 1, month: 1, day: 2).days } ?? day + 41 * 366
        while day < limit {
            guard fields.matchesMonth(date) else {
                date =
                    date.month == 12
                    ? CivilTime(year: date.year + 1, month: 1, day: 1)
                    : CivilTime(year: date.year, month: date.month + 1, day: 1)
                day = date.days
                continue
            }
            if fields.matchesDay(date), let found = first(after: after, onDay: day) { return Timestamp(seconds: found) }
            day += 1
            date = CivilTime(secondsSince1970: Int64(day) * 86_400)
        }
        return nil
    }

    /// The last time before or at `moment` that the expression names.
    package func previous(atOrBefore moment: Timestamp) -> Timestamp? {
        let until = moment.seconds
        var day = CivilTime(secondsSince1970: until + timeZone.offset(at: until)).days + 1
        let limit = fields.years.map { CivilTime(year: $0.first ?? 1970, month: 1, day: 1).days - 1 } ?? day - 41 * 366
        while day > limit {
            let date = CivilTime(secondsSince1970: Int64(day) * 86_400)
            guard fields.matchesMonth(date) else {
                day -= date.day
                continue
            }
            if fields.matchesDay(date), let found = last(atOrBefore: until, onDay: day) { return Timestamp(seconds: found) }
            day -= 1
        }
        return nil
    }
}

extension CronSchedule {
    private func first(after: Int64, onDay day: Int) -> Int64? {
        let start = Int64(day) * 86_400
        guard let offset = steadyOffset(onDay: start) else { return instants(onDay: start).first { $0 > after } }
        let earliest = max(0, after + offset + 1 - start)
        guard earliest < 86_400 else { return nil }
        return fields.firstTime(from: Int(earliest)).map { start + Int64($0) - offset }
    }

    private func last(atOrBefore until: Int64, onDay day: Int) -> Int64? {
        let start = Int64(day) * 86_400
        guard let offset = steadyOffset(onDay: start) else { return instants(onDay: start).last { $0 <= until } }
        let latest = min(86_399, until + offset - start)
        guard latest >= 0 else { return nil }
        return fields.lastTime(upTo: Int(latest)).map { start + Int64($0) - offset }
    }

    /// The zone's offset where it is the same around the whole local day that begins at `start`, else nil.
    private func steadyOffset(onDay start: Int64) -> Int64? {
        if timeZone == .utc { return 0 }
        let offset = timeZone.offset(at: start - 93_600)
        return offset == timeZone.offset(at: start + 180_000) && offset == timeZone.offset(at: start + 43_200) ? offset : nil
    }

    /// All times named on a local day on or near which the clocks change, in order.
    private func instants(onDay start: Int64) -> [Int64] {
        if fields.hours == CronFields.allHours { return realTimeInstants(onDay: start) }
        var found: Set<Int64> = []
        var time = fields.firstTime(from: 0)
        while let current = time {
            found.insert(timeZone.seconds(ofLocal: start + Int64(current)))
            time = fields.firstTime(from: current + 1)
        }
        return found.sorted()
    }

    /// The same for expressions that follow real time: walks all minutes during which the local date is this day.
    private func realTimeInstants(onDay start: Int64) -> [Int64] {
        var found: [Int64] = []
        let offsets = [timeZone.offset(at: start - 93_600), timeZone.offset(at: start + 180_000)]
        // Clocks change at quarters of an hour.
        var quarter = start - max(offsets[0], offsets[1])
        while quarter < start + 86_400 - min(offsets[0], offsets[1]) {
            let offset = timeZone.offset(at: quarter)
            for minute in stride(from: quarter, to: quarter + 900, by: 60) {
                let local = minute + offset - start
                guard (0..<86_400).contains(local), fields.minutes & (1 << UInt64(local / 60 % 60)) != 0 else { continue }
                for second in 0..<60 where fields.seconds & (1 << UInt64(second)) != 0 { found.append(minute + Int64(second)) }
            }
            quarter += 900
        }
        return found
    }
}
