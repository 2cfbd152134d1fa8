/// A parsed cron expression: sets of values as bits, and the rules for days.
struct CronFields: Sendable, Hashable {
    var seconds: UInt64 = 1
    var minutes: UInt64 = 0
    var hours: UInt64 = 0
    var months: UInt64 = 0
    /// Sorted; nil for every year.
    var years: [Int]?
    var daysOfMonth: UInt64 = 0
    /// `L` is 0, `L-3` is 3.
    var daysBeforeLast: UInt64 = 0
    /// `15W`: the working day nearest to a day, within its month.
    var nearestWorkingDays: UInt64 = 0
    /// `LW`.
    var lastWorkingDay = false
    /// 0 is Sunday.
    var weekdays: UInt64 = 0
    /// `5L`: the last such weekday of the month.
    var lastWeekdays: UInt64 = 0
    /// `5#2`: bit `weekday * 5 + n - 1`.
    var nthWeekdays: UInt64 = 0

    static let allHours: UInt64 = (1 << 24) - 1
    static let allDays: UInt64 = (1 << 32) - 2
    static let allWeekdays: UInt64 = (1 << 7) - 1

    func matchesMonth(_ date: CivilTime) -> Bool {
        months & (1 << UInt64(date.month)) != 0 && years.map { $0.contains(date.year) } != false
    }

    /// Whether the day is named, given that its month is.
    func matchesDay(_ date: CivilTime) -> Bool {
        let anyDay = daysOfMonth == Self.allDays
        let anyWeekday = weekdays == Self.allWeekdays
        if anyDay, anyWeekday { return true }
        if anyDay { return matchesWeekday(date) }
        if anyWeekday { return matchesDayOfMonth(date) }
        return matchesDayOfMonth(date) || matchesWeekday(date)
    }

    private func matchesDayOfMonth(_ date: CivilTime) -> Bool {
        if daysOfMonth & (1 << UInt64(date.day)) != 0 { return true }
        let last = CivilTime.daysIn(month: date.month, year: date.year)
        if daysBeforeLast & (1 << UInt64(last - date.day)) != 0 { return true }
        guard nearestWorkingDays != 0 || lastWorkingDay else { return false }
        let weekday = date.weekday
        guard (1...5).contains(weekday) else { return false }
        if lastWorkingDay, date.day == last || (weekday == 5 && date.day >= last - 2) { return true }
        return nearestWorkingDays != 0 && isNearestWorkingDay(date, weekday: weekday, last: last)
    }

    private func isNearestWorkingDay(_ date: CivilTime, weekday: Int, last: Int) -> Bool {
        func wants(_ day: Int) -> Bool { (1...last).contains(day) && nearestWorkingDays & (1 << UInt64(day)) != 0 }
        if wants(date.day) { return true }
        // Friday stands in for Saturday, and for a Sunday that ends the month.
        if weekday == 5, wants(date.day + 1) || (date.day + 2 == last && wants(last)) { return true }
        // Monday stands in for Sunday, and for a Saturday that begins the month.
        return weekday == 1 && (wants(date.day - 1) && date.day - 1 < last || (date.day == 3 && wants(1)))
    }

    private func matchesWeekday(_ date: CivilTime) -> Bool {
        let weekday = date.weekday
        if weekdays & (1 << UInt64(weekday)) != 0 { return true }
        if nthWeekdays & (1 << UInt64(weekday * 5 + (date.day - 1) / 7)) != 0 { return true }
        guard lastWeekdays & (1 << UInt64(weekday)) != 0 else { return false }
        return date.day + 7 > CivilTime.daysIn(month: date.month, year: date.year)
    }

    /// The first named time of day at or after `time`, in seconds since midnight on the wall clock.
    func firstTime(from time: Int) -> Int? {
        guard time < 86_400 else { return nil }
        var hour = time / 3600
        var minute = time / 60 % 60
        var second = time % 60
        if hours & (1 << UInt64(hour)) == 0 {
            (minute, second) = (0, 0)
        } else if minutes & (1 << UInt64(minute)) == 0 {
            second = 0
        }
        while let nextHour = Self.first(hours, from: hour) {
            if nextHour != hour { (hour, minute, second) = (nextHour, 0, 0) }
            while let nextMinute = Self.first(minutes, from: minute) {
                if nextMinute != minute { (minute, second) = (nextMinute, 0) }
                if let nextSecond = Self.first(seconds, from: second) { return hour * 3600 + minute * 60 + nextSecond }
                (minute, second) = (minute + 1, 0)
            }
            (hour, minute, second) = (hour + 1, 0, 0)
        }
        return nil
    }

    /// The last named time of day at or before `time`.
    func lastTime(upTo time: Int) -> Int? {
        var hour = time / 3600
        var minute = time / 60 % 60
        var second = time % 60
        while let lastHour = Self.last(hours, upTo: hour) {
            if lastHour != hour { (hour, minute, second) = (lastHour, 59, 59) }
            while let lastMinute = Self.last(minutes, upTo: minute) {
                if lastMinute != minute { (minute, second) = (lastMinute, 59) }
                if let lastSecond = Self.last(seconds, upTo: second) { return hour * 3600 + minute * 60 + lastSecond }
                (minute, second) = (minute - 1, 59)
            }
            (hour, minute, second) = (hour - 1, 59, 59)
        }
        return nil
    }

    private static func first(_ bits: UInt64, from place: Int) -> Int? {
        guard place < 64 else { return nil }
        let rest = bits >> UInt64(place)
        return rest == 0 ? nil : place + rest.trailingZeroBitCount
    }

    private static func last(_ bits: UInt64, upTo place: Int) -> Int? {
        guard place >= 0 else { return nil }
        let rest = bits << UInt64(63 - place)
        return rest == 0 ? nil : place - rest.leadingZeroBitCount
    }
}
