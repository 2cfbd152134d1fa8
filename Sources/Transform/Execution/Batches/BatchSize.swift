/// How long the batches of a microbatch model are.
enum BatchSize: String, Sendable, CaseIterable {
    case hour, day, month, year

    /// The beginning of the batch that a moment lies in.
    func truncated(_ time: DateTime) -> DateTime {
        let (year, month, day) = time.civil
        return switch self {
        case .hour: DateTime(year: year, month: month, day: day, hour: time.hour, offset: 0)
        case .day: DateTime(year: year, month: month, day: day, offset: 0)
        case .month: DateTime(year: year, month: month, day: 1, offset: 0)
        case .year: DateTime(year: year, month: 1, day: 1, offset: 0)
        }
    }

    /// The beginning of the batch `count` batches later.
    func moved(_ time: DateTime, by count: Int) -> DateTime {
        let start = truncated(time)
        let (year, month, _) = start.civil
        switch self {
        case .hour: return DateTime(microseconds: start.microseconds + count * 3_600_000_000, offset: 0)
        case .day: return DateTime(microseconds: start.microseconds + count * 86_400_000_000, offset: 0)
        case .month:
            let months = year * 12 + month - 1 + count
            return DateTime(year: months / 12, month: months % 12 + 1, day: 1, offset: 0)
        case .year: return DateTime(year: year + count, month: 1, day: 1, offset: 0)
        }
    }

    /// The end of the batch that a moment lies in; the moment itself where it is one.
    func ceiling(_ time: DateTime) -> DateTime {
        let start = truncated(time)
        return start.microseconds == time.utcMicroseconds ? start : moved(time, by: 1)
    }

    /// `2024-09-17`, as far as the size goes.
    func label(_ start: DateTime) -> String {
        let date = start.isoDate
        return switch self {
        case .hour: date + "T" + DateTime.padded(start.hour, 2)
        case .day: date
        case .month: String(date.prefix(7))
        case .year: String(date.prefix(4))
        }
    }
}
