extension Schedule {
    /// The next run that time brings about: the data interval that it works on. It is due when the interval ends.
    ///
    /// These are Airflow's rules for cron expressions and intervals. With `catchup` no interval since the start date is left
    /// out. Without, what lies further back than the last complete interval is never made up for.
    /// - Parameters:
    ///   - last: the interval of the last run that time brought about; nil where there was none.
    ///   - start: the first interval does not begin before.
    ///   - end: no interval begins after.
    ///   - now: the present, which matters without `catchup`.
    /// - Returns: nil where no further run follows, or none without a `start` and `catchup`.
    package func nextInterval(
        after last: DataInterval?, start: Timestamp?, end: Timestamp?, catchup: Bool, now: Timestamp
    ) -> DataInterval? {
        switch self {
        case .manual, .continuous: return nil
        case .once:
            guard last == nil else { return nil }
            let moment = start ?? now
            return DataInterval(start: moment, end: moment)
        case .cron, .every, .calendar: break
        }
        let aligned = start.flatMap { next(after: $0 - .microseconds(1)) }
        if start != nil, aligned == nil { return nil }
        var earliest = aligned
        if !catchup, let latest = lastCompleteStart(at: now) { earliest = max(latest, earliest ?? latest) }
        let following = last.flatMap { previous(atOrBefore: $0.end) }
        guard let begin = [earliest, following].compactMap(\.self).max() else { return nil }
        if let end, begin > end { return nil }
        return next(after: begin).map { DataInterval(start: begin, end: $0) }
    }

    /// When the last interval began that has ended at `now`.
    private func lastCompleteStart(at now: Timestamp) -> Timestamp? {
        guard let ended = previous(atOrBefore: now) else { return nil }
        return previous(atOrBefore: ended - .microseconds(1)) ?? ended
    }
}
