/// Which runs are not kept.
package struct CleanRequest: Sendable, Hashable {
    /// Only this pipeline's; nil for all.
    package var pipeline: PipelineID?
    /// Runs that have ended before this moment...
    package var finishedBefore: Timestamp
    /// ... but for so many of the newest of each pipeline.
    package var keepingNewest: Int

    package init(pipeline: PipelineID? = nil, finishedBefore: Timestamp, keepingNewest: Int = 1) {
        self.pipeline = pipeline
        self.finishedBefore = finishedBefore
        self.keepingNewest = keepingNewest
    }
}

/// What a clean-up has removed, or would remove.
package struct CleanResult: Sendable, Hashable {
    package var runs: [RunID]
    /// How much the logs of these runs took, and those that no run has any more.
    package var logBytes: Int

    package init(runs: [RunID], logBytes: Int) {
        self.runs = runs
        self.logBytes = logBytes
    }
}
