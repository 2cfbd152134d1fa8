package import Orchestrate

/// The scheduler of a project.
package struct ProjectScheduler: Sendable {
    package let scheduler: Scheduler
    package let store: SQLiteStore
    /// What is counted of the runs.
    package let metrics = RunMetrics()
    private let pipelines: ProjectPipelines

    /// - Parameter read: reads the project's file again when it has changed.
    package init(_ project: LeatProject, read: @escaping @Sendable () throws -> LeatProject) throws {
        store = try ProjectStore.open(project)
        let slots = SlotBroker(pools: project.pools)
        let pipelines = ProjectPipelines(project, store: store, slots: slots, read: read)
        self.pipelines = pipelines
        let hub = EventHub<SchedulerEvent>()
        scheduler = Scheduler(
            store: store, provider: pipelines, logDirectory: ProjectStore.logs(of: project), slots: slots,
            observers: [metrics]
                + ProjectObservers.all(of: { pipelines.current }, store: store, problem: { hub.send(.problem($0)) }),
            hub: hub)
    }

    /// Obeys the schedules until the calling task is cancelled.
    package func run() async throws {
        await pipelines.lookAfterPods()
        do {
            try await scheduler.run()
        } catch {
            await pipelines.close()
            throw error
        }
        await pipelines.close()
        try store.close()
    }
}
