/// A schedule by time that leaves out the days of a calendar, or moves what falls on them.
///
/// Days are those of a time zone. A time that is moved keeps its time of day; where it meets another one they are one.
package struct CalendarSchedule: Sendable, Hashable {
    /// What becomes of a time that falls on an excluded day.
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        case skip
        /// It moves to the next day that is not excluded.
        case next
        /// It moves to the last day before it that is not excluded.
        case previous
    }

    package let base: Schedule
    package let excluded: ExclusionCalendar
    package let rule: Rule
    package let zone: TimeZoneRules

    /// How far is looked: a calendar may leave nothing over.
    private static let limit = 366 * 9

    package init(_ base: Schedule, excluding excluded: ExclusionCalendar, rule: Rule, zone: TimeZoneRules) {
        self.base = base
        self.excluded = excluded
        self.rule = rule
        self.zone = zone
    }

    package func next(after moment: Timestamp) -> Timestamp? {
        var day = day(of: moment)
        for _ in 0..<Self.limit {
            if !excluded.contains(day) {
                if let found = times(on: day).first(where: { $0 > moment }) { return found }
                // Where nothing comes for long, and nothing may be moved here, the days between are passed over.
                guard let following = base.next(after: start(of: day + 1) - .microseconds(1)) else { return nil }
                var target = self.day(of: following)
                if rule == .previous { while target > day + 1, excluded.contains(target) { target -= 1 } }
                day = max(day + 1, target)
            } else {
                day += 1
            }
        }
        return nil
    }

    package func previous(atOrBefore moment: Timestamp) -> Timestamp? {
        var day = day(of: moment)
        for _ in 0..<Self.limit {
            if !excluded.contains(day) {
                if let found = times(on: day).last(where: { $0 <= moment }) { return found }
                guard let earlier = base.previous(atOrBefore: start(of: day) - .microseconds(1)) else { return nil }
                var target = self.day(of: earlier)
                if rule == .next { while target < day - 1, excluded.contains(target) { target += 1 } }
                day = min(day - 1, target)
            } else {
                day -= 1
            }
        }
        return nil
    }

    /// All times of a day that is not excluded, in order: its own, and those that are moved to it.
    private func times(on day: Int) -> [Timestamp] {
        var found = Set(own(day).map(\.moment))
        let step = rule == .next ? -1 : 1
        var other = day + step
        while rule != .skip, excluded.contains(other), abs(other - day) < Self.limit {
            for time in own(other) {
                let local = Int64(day) * 86_400 + time.ofDay
                found.insert(Timestamp(seconds: zone.seconds(ofLocal: local)))
            }
            other += step
        }
        return found.sorted()
    }

    /// The times of the schedule below on a day, and the seconds that the clock on the wall shows then.
    private func own(_ day: Int) -> [(moment: Timestamp, ofDay: Int64)] {
        let end = start(of: day + 1)
        var found: [(Timestamp, Int64)] = []
        var moment = start(of: day) - .microseconds(1)
        while let next = base.next(after: moment), next < end, found.count < 86_400 {
            found.append((next, next.seconds + zone.offset(at: next.seconds) - Int64(day) * 86_400))
            moment = next
        }
        return found
    }

    private func day(of moment: Timestamp) -> Int {
        let local = moment.seconds + zone.offset(at: moment.seconds)
        return Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
    }

    private func start(of day: Int) -> Timestamp { Timestamp(seconds: zone.seconds(ofLocal: Int64(day) * 86_400)) }
}
