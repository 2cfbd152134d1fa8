extension Schedule {
    /// As it could stand in leat.yml: `manual`, `0 */6 * * *`, `0 2 * * * Europe/Berlin`, `every 6h`.
    package var summary: String {
        switch self {
        case .manual: "manual"
        case .once: "once"
        case .continuous: "continuous"
        case .every(let interval): interval.description
        case .calendar(let schedule):
            schedule.base.summary
                + (schedule.rule == .skip ? ", without excluded days" : ", excluded days moved to the \(schedule.rule.rawValue)")
        case .cron(let expressions):
            expressions.map { $0.timeZone == .utc ? $0.expression : "\($0.expression) \($0.timeZone)" }.joined(separator: " | ")
        }
    }
}

extension Schedule {
    /// The time zone in which dates without an offset are meant.
    package var timeZone: TimeZoneRules {
        if case .calendar(let schedule) = self { return schedule.zone }
        if case .cron(let expressions) = self, let first = expressions.first { return first.timeZone }
        return .utc
    }

    /// The interval of the schedule that a moment lies in; nil without a schedule by time.
    package func interval(containing moment: Timestamp) -> DataInterval? {
        guard let start = previous(atOrBefore: moment), let end = next(after: start) else { return nil }
        return DataInterval(start: start, end: end)
    }
}
