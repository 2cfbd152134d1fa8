package import Connectors

/// What may be set for a sync.
package struct SyncOptions: Sendable {
    /// How many streams are moved at a time; nil leaves it to the connection.
    package var parallelStreams: Int?
    /// How long to wait for another sync of the same connection or table. A sync that was killed is gone from the
    /// destination's server within two seconds. Also how long to try to get a table that readers keep in use, before its
    /// rows are replaced in a slower way that does without.
    package var lockWait: Duration
    /// Progress is reported no more often, except when a stream changes its phase.
    package var progressInterval: Duration
    /// Moves only the streams of these names; empty moves all.
    package var streams: [String] = []
    /// Reads the streams from their start again.
    package var refresh: Refresh?
    /// Takes the source as it is now, whatever the connection's ``SchemaPolicy`` says.
    package var approvesChanges = false
    /// How long rows of a source with a state of its own are gathered at most before they are committed with its next state.
    package var checkpointInterval: Duration = .seconds(60)
    /// How long a source may send nothing before it is cut off; the attempt has failed then.
    package var heartbeat = SessionOptions.usualHeartbeat
    /// How often a sync is tried again.
    package var attemptLimits = AttemptLimits()

    package init(
        parallelStreams: Int? = nil, lockWait: Duration = .seconds(10), progressInterval: Duration = .milliseconds(100)
    ) {
        self.parallelStreams = parallelStreams.map { max(1, $0) }
        self.lockWait = lockWait
        self.progressInterval = progressInterval
    }
}
