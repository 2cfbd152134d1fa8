import Documents

extension TransformSession {
    /// Checks how old the rows of the selected sources are, and writes sources.json.
    ///
    /// - Parameters:
    ///   - output: where the report goes instead of target/sources.json.
    ///   - started, finished: told of each source with its place among them.
    package func checkFreshness(
        output: String? = nil, events: @escaping @Sendable (TransformEvent) -> Void = { _ in },
        started: @escaping @Sendable (SourceDefinition, Int, Int) -> Void = { _, _, _ in },
        finished: @escaping @Sendable (Freshness, Int, Int) -> Void = { _, _, _ in }
    ) async throws -> [Freshness] {
        let start = DateTimeStamp.now()
        let selected = try selection(.freshness)
        let sources = manifest.sources.values.filter { selected.contains($0.id) && Freshness.hasRules($0.freshness) }
        let observer = observer(events)
        let runner = FreshnessRunner(world: world) { events(.log($0)) }
        // The project's hooks run around it, unless a flag of the project says no.
        let runsHooks = world.root.definition.flags["source_freshness_run_project_hooks"]?.bool ?? true
        if !runsHooks, !manifest.operations.isEmpty {
            try options.warningPolicy().report(
                .sourceFreshnessProjectHooks,
                "In a future version of dbt, the `source freshness` command will start running `on-run-start` and `on-run-end` "
                    + "hooks by default. For more information: "
                    + "https://docs.getdbt.com/reference/global-configs/legacy-behaviors"
            ) { events(.log($0)) }
        }
        func runHooks(_ tag: String) async throws {
            guard runsHooks, !sources.isEmpty else { return }
            let failed = try await withCancellation { cancellation in
                try await self.runHooks(
                    tag, results: nil, plan: ExecutionPlan(command: .freshness, nodes: []), cancellation: cancellation,
                    events: events)
            }.first { $0.status == .error }
            if let error = failed?.error { throw error }
        }
        try await runHooks("on-run-start")
        let found = try await withCancellation { [pool] cancellation in
            try await withThrowingTaskGroup(of: (Int, Freshness).self) { group in
                for (index, source) in sources.enumerated() {
                    group.addTask {
                        try await pool.withWorker { worker in
                            started(source, index + 1, sources.count)
                            let result = try await worker.use(cancellation, events: observer) { warehouse in
                                runner.run(source, on: warehouse, thread: "Thread-\(index % 8 + 1)")
                            }
                            finished(result, index + 1, sources.count)
                            return (index, result)
                        }
                    }
                }
                var results: [(Int, Freshness)] = []
                for try await result in group { results.append(result) }
                return results.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        try await runHooks("on-run-end")
        let elapsed = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        let artifact = FreshnessArtifact(results: found, elapsed: elapsed, world: world)
        let path = output.map(ProjectFileSystem.absolute) ?? targetFolder + "/sources.json"
        try ProjectFileSystem.write(artifact.json.bytes(), to: path)
        await close()
        return found
    }
}
