/// When a pipeline runs by itself.
package enum Schedule: Sendable, Hashable {
    /// Only when somebody starts it.
    case manual
    /// At each time that one of the cron expressions names.
    case cron([CronSchedule])
    /// At equal distances.
    case every(IntervalSchedule)
    /// One of these, without the days of a calendar.
    indirect case calendar(CalendarSchedule)
    /// One time, at the start date or at once.
    case once
    /// Again as soon as a run has ended.
    case continuous

    /// Whether time alone brings runs about, again and again.
    package var isTimed: Bool {
        switch self {
        case .cron, .every, .calendar: true
        case .manual, .once, .continuous: false
        }
    }

    /// The first moment after `moment` at which a run is due; nil where time alone brings none about.
    package func next(after moment: Timestamp) -> Timestamp? {
        switch self {
        case .manual, .once, .continuous: nil
        case .cron(let expressions): expressions.compactMap { $0.next(after: moment) }.min()
        case .every(let interval): interval.next(after: moment)
        case .calendar(let schedule): schedule.next(after: moment)
        }
    }

    /// The last moment before or at `moment` at which a run was due.
    package func previous(atOrBefore moment: Timestamp) -> Timestamp? {
        switch self {
        case .manual, .once, .continuous: nil
        case .cron(let expressions): expressions.compactMap { $0.previous(atOrBefore: moment) }.max()
        case .every(let interval): interval.previous(atOrBefore: moment)
        case .calendar(let schedule): schedule.previous(atOrBefore: moment)
        }
    }
}
