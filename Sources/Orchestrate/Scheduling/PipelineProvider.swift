/// Where a scheduler gets its pipelines from.
package protocol PipelineProvider: Sendable {
    /// All pipelines as they are now, or nil where nothing has changed since the last call.
    ///
    /// Of the tasks it needs only to know those that can be known without much work: a run gets its own from `prepare`.
    /// - Throws: an error for people; the scheduler tells it and goes on with what it has.
    func pipelines() async throws -> [ScheduledPipeline]?

    /// Makes a run of a pipeline ready. Called in a task of its own for each run.
    /// - Throws: an error for people; the run has failed with it.
    func prepare(_ pipeline: PipelineID, for request: RunRequest) async throws -> PreparedRun
}

/// A pipeline that a scheduler looks after.
package struct ScheduledPipeline: Sendable {
    package var definition: PipelineDefinition
    /// Whether it is paused until somebody has unpaused it.
    package var startsPaused: Bool

    package init(_ definition: PipelineDefinition, startsPaused: Bool = false) {
        self.definition = definition
        self.startsPaused = startsPaused
    }
}

/// What one run needs.
package struct PreparedRun: Sendable {
    package var graph: TaskGraph
    package var executor: any TaskExecutor
    /// Called when the run is over, however it ended.
    package var finish: @Sendable () async -> Void

    package init(graph: TaskGraph, executor: any TaskExecutor, finish: @escaping @Sendable () async -> Void = {}) {
        self.graph = graph
        self.executor = executor
        self.finish = finish
    }
}
