import Connectors
import Records

/// One run of a sync.
///
/// The first worker looks at both sides, plans, and holds the source's snapshot; the others join it. So a connection with
/// one stream needs one session on each side, and a thread.
struct SyncRun: Sendable {
    let sync: Sync
    let source: any Source
    let destination: any Destination
    let planner: Planner
    let control: SyncControl
    let report: @Sendable (SyncProgress) -> Void
    /// Tells this attempt from all others.
    let attemptID = String(UInt64.random(in: 0...UInt64.max), radix: 36)

    private struct Work: Sendable {
        var plan: SyncPlan
        var queue: SyncQueue
    }

    /// What came of an attempt: some streams may have failed.
    struct Outcome: Sendable {
        var plan: SyncPlan
        /// In the order of the definition.
        var results: [StreamResult]
        var failures: [StreamFailure]
    }

    func all() async throws -> Outcome {
        let (planned, planning) = AsyncStream.makeStream(of: Work.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { planning.finish() }
                try await BlockingThread.run("leat-sync") { try lead { planning.yield($0) } }
            }
            var planned = planned.makeAsyncIterator()
            let work = await planned.next()
            if let work, work.plan.snapshot.id != nil {
                for _ in 1..<max(1, min(sync.parallelStreams, work.queue.count)) {
                    group.addTask { try await BlockingThread.run("leat-sync") { try follow(work) } }
                }
            }
            try await group.waitForAll()
            guard let work else { throw CancellationError() }
            return Outcome(plan: work.plan, results: work.queue.results, failures: work.queue.failures)
        }
    }

    private func lead(_ publish: (Work) -> Void) throws {
        report(SyncProgress(stream: nil, phase: .planning))
        try withSessions { source, destination in
            try destination.lock(connection: sync.definition.name, wait: sync.options.lockWait) { holder in
                report(SyncProgress(stream: nil, phase: .waiting, message: "another sync of the connection runs: \(holder)"))
            }
            let plan = try plan(source, destination)
            let worker = worker(source, destination)
            let work = Work(plan: plan, queue: SyncQueue(plan.streams, parts: try worker.partsOfStreams(plan)))
            publish(work)
            try worker.run(plan, work.queue)
        }
    }

    private func follow(_ work: Work) throws {
        try withSessions { source, destination in
            do {
                try source.join(work.plan.snapshot)
            } catch {
                // The first worker was faster and its snapshot is gone, with nothing left to do.
                if work.queue.isEmpty { return }
                throw error
            }
            try worker(source, destination).run(work.plan, work.queue)
        }
    }

    private func worker(_ source: any SourceSession, _ destination: any DestinationSession) -> SyncWorker {
        SyncWorker(
            definition: sync.definition, options: sync.options, control: control, attemptID: attemptID, source: source,
            destination: destination, report: report)
    }

    private func withSessions(_ body: (any SourceSession, any DestinationSession) throws -> Void) throws {
        var options = SessionOptions(applicationName: "leat sync \(sync.definition.name)") { control.isCancelled }
        options.heartbeat = sync.options.heartbeat
        try control.check()
        let source = try source.openSession(options)
        let sourceToken = control.add(source.interrupt)
        defer {
            control.remove(sourceToken)
            source.close()
        }
        let destination = try destination.openSession(options)
        let destinationToken = control.add(destination.interrupt)
        defer {
            control.remove(destinationToken)
            destination.close()
        }
        try control.check()
        try body(source, destination)
    }

    private func plan(_ source: any SourceSession, _ destination: any DestinationSession) throws -> SyncPlan {
        // First the snapshot, so that what is planned is what is read.
        let snapshot = try source.beginSnapshot(isShared: sync.parallelStreams > 1)
        let plan = try planner.plan(source, destination, options: sync.options)
        let syncID = try destination.prepare(
            connection: sync.definition.name, schemas: Set(plan.streams.map(\.table.schema)).sorted())
        return SyncPlan(streams: plan.streams, changes: plan.changes, snapshot: snapshot, syncID: syncID)
    }
}
