import Orchestrate

extension PipelineDefinition {
    /// What the pipelines of single connections are called.
    package static let syncPrefix = "sync."

    /// A connection as a pipeline with one task, `sync.NAME`, on the connection's own schedule.
    init(sync connection: ConnectionEntry) {
        let task = TaskDefinition(
            id: TaskID(connection.name), kind: "sync", work: TaskWork.sync(connection: connection.name).json,
            location: connection.location)
        self.init(
            id: PipelineID(Self.syncPrefix + connection.name), tasks: [task], maxActiveRuns: 1, schedule: connection.schedule,
            data: connection.data, parameters: SyncAction.definitions, description: "connection \(connection.name)",
            location: connection.location)
    }
}
