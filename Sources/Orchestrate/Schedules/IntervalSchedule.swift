/// Runs at equal distances of real time, counted from an anchor: daylight-saving changes do not shift the distance.
package struct IntervalSchedule: Sendable, Hashable, CustomStringConvertible {
    package let length: Duration
    package let anchor: Timestamp

    /// - Parameter anchor: a moment at which a run is due, such as the pipeline's start date; by default 1970-01-01T00:00:00Z.
    /// - Throws: `OrchestrateError` with code `schedule.bad_interval` when shorter than a millisecond.
    package init(every length: Duration, anchor: Timestamp = Timestamp(seconds: 0)) throws(OrchestrateError) {
        guard length >= .milliseconds(1) else {
            throw OrchestrateError(.badInterval, "an interval of \(length.shortText) is too short", hint: "at least 1ms")
        }
        self.length = length
        self.anchor = anchor
    }

    package var description: String { "every \(length.shortText)" }

    /// The first due moment after `moment`; the anchor is the first of all.
    package func next(after moment: Timestamp) -> Timestamp {
        guard moment >= anchor else { return anchor }
        return previousUnchecked(moment) + length
    }

    /// The last due moment before or at `moment`; nil before the anchor.
    package func previous(atOrBefore moment: Timestamp) -> Timestamp? {
        moment < anchor ? nil : previousUnchecked(moment)
    }

    private func previousUnchecked(_ moment: Timestamp) -> Timestamp {
        let step = length.inMicroseconds
        let passed = moment.microseconds - anchor.microseconds
        return Timestamp(microseconds: anchor.microseconds + passed / step * step)
    }
}
