/// What may be set for a sync.
package struct SyncOptions: Sendable {
    /// How many streams are moved at a time, each over connections of its own.
    package var parallelStreams: Int
    /// How long to wait for another sync of the same connection or table. A sync that was killed is gone from the
    /// destination's server within two seconds. Also how long to try to get a table that readers keep in use, before its
    /// rows are replaced in a slower way that does without.
    package var lockWait: Duration
    /// Progress is reported no more often, except when a stream changes its phase.
    package var progressInterval: Duration

    package init(
        parallelStreams: Int = 4, lockWait: Duration = .seconds(10), progressInterval: Duration = .milliseconds(100)
    ) {
        self.parallelStreams = max(1, parallelStreams)
        self.lockWait = lockWait
        self.progressInterval = progressInterval
    }
}
