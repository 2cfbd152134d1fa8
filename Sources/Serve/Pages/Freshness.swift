import Orchestrate
import Project

/// How old what a node keeps is, and how old it may be.
struct Freshness {
    enum Verdict: String { case fresh, due, late, never }

    let verdict: Verdict
    /// When it was last made anew.
    let updatedAt: Timestamp?
    /// When it is made anew next, by its pipeline's schedule.
    let next: Timestamp?

    /// It is due once its schedule has come round, and late once that has come round twice: then a whole run is missing.
    init(updatedAt: Timestamp?, schedule: Schedule, now: Timestamp) {
        self.updatedAt = updatedAt
        next = schedule.next(after: now)
        guard let updatedAt else {
            verdict = .never
            return
        }
        guard let due = schedule.next(after: updatedAt), now > due else {
            verdict = .fresh
            return
        }
        verdict = schedule.next(after: due).map { now > $0 } ?? true ? .late : .due
    }
}
