/// Days on which nothing shall run: holidays, weekends, a freeze.
package struct ExclusionCalendar: Sendable, Hashable {
    /// Days since 1970-01-01.
    package var days: Set<Int>
    package var ranges: [ClosedRange<Int>]
    /// 0 is Sunday.
    package var weekdays: Set<Int>

    package init(days: Set<Int> = [], ranges: [ClosedRange<Int>] = [], weekdays: Set<Int> = []) {
        self.days = days
        self.ranges = ranges
        self.weekdays = weekdays
    }

    /// Whether a day, counted from 1970-01-01, is one of them.
    package func contains(_ day: Int) -> Bool {
        days.contains(day) || weekdays.contains(CivilTime.weekday(ofDays: day)) || ranges.contains { $0.contains(day) }
    }

    package mutating func formUnion(_ other: ExclusionCalendar) {
        days.formUnion(other.days)
        ranges += other.ranges
        weekdays.formUnion(other.weekdays)
    }
}
