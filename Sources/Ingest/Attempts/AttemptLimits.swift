/// How often and how long after a failure a sync is tried again; the numbers are Airbyte's.
///
/// A failure is complete if its attempt has moved nothing, partial if something stays of it.
package struct AttemptLimits: Sendable, Hashable {
    package var completeInARow = 5
    package var completeInTotal = 10
    package var partialInARow = 1000
    package var partialInTotal = 20
    /// After the first complete failure in a row; each further one waits ``backoffBase`` times as long.
    package var minimumBackoff = Duration.seconds(10)
    package var backoffBase = 3
    package var maximumBackoff = Duration.seconds(30 * 60)

    package init() {}

    /// - Parameter environment: may hold Airbyte's variables, `SYNC_JOB_RETRIES_COMPLETE_FAILURES_MAX_SUCCESSIVE` and the like.
    package init(environment: [String: String]) {
        func number(_ name: String, _ value: Int) -> Int {
            environment["SYNC_JOB_RETRIES_\(name)"].flatMap { Int($0) }.map { max(0, $0) } ?? value
        }
        completeInARow = number("COMPLETE_FAILURES_MAX_SUCCESSIVE", completeInARow)
        completeInTotal = number("COMPLETE_FAILURES_MAX_TOTAL", completeInTotal)
        partialInARow = number("PARTIAL_FAILURES_MAX_SUCCESSIVE", partialInARow)
        partialInTotal = number("PARTIAL_FAILURES_MAX_TOTAL", partialInTotal)
        minimumBackoff = .seconds(number("COMPLETE_FAILURES_BACKOFF_MIN_INTERVAL_S", 10))
        maximumBackoff = .seconds(number("COMPLETE_FAILURES_BACKOFF_MAX_INTERVAL_S", 30 * 60))
        backoffBase = max(1, number("COMPLETE_FAILURES_BACKOFF_BASE", backoffBase))
    }
}
