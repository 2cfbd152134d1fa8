import Diagnostics
import Documents
import Jinja
import Postgres
import Synchronization

extension TransformSession {
    /// Connects, learns what exists in the warehouse, creates the schemas that are missing, and runs the project's
    /// on-run-start hooks. Does nothing for commands that do not write.
    package func prepare(
        _ plan: ExecutionPlan, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws {
        let cancellation = CancellationSwitch()
        let hooks = try await withTaskCancellationHandler {
            try await prepare(plan, cancellation: cancellation, events: events)
        } onCancel: {
            cancellation.cancel()
        }
        if let error = hooks.first(where: { $0.status == .error })?.error { throw error }
    }

    /// - Returns: the results of the hooks.
    func prepare(
        _ plan: ExecutionPlan, cancellation: CancellationSwitch, events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> [NodeResult] {
        preparedPlan.withLock { $0 = plan }
        guard plan.command.writesToWarehouse, !plan.isEmpty else { return [] }
        let required = schemas(of: plan)
        let known = Set(manifest.nodes.values.filter(\.isRelational).compactMap(\.schema)).union(required)
        try await pool.withWorker { [world, profile, options] worker in
            try await worker.use(cancellation, events: observer(events)) { warehouse in
                warehouse.comment = try QueryCommentRenderer.comment(
                    for: NodeContext(world: world, node: nil, run: NodeRun(warehouse: warehouse, log: world.scope.log)))
                if options.populatesCache {
                    try warehouse.fillCache(schemas: options.cachesSelectedOnly ? Set(required) : known)
                } else {
                    try warehouse.learnSchemas(Set(required))
                }
                let missing = required.filter { !warehouse.cache.hasSchema($0) }
                guard !missing.isEmpty else { return }
                let run = NodeRun(warehouse: warehouse, log: { events(.log($0)) })
                guard let macro = world.macros.macro(named: "create_schema", from: world.root.name) else { return }
                let context = NodeContext(world: world, node: nil, run: run)
                let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
                for schema in missing {
                    let relation = Relation(database: profile.credentials.database, schema: schema, identifier: nil)
                    try warehouse.createSchema(schema) {
                        _ = try runtime.call(context.callable(macro), Arguments([.object(RelationObject(relation))]))
                    }
                }
            }
        }
        // A clone is about relations only.
        if plan.command == .clone { return [] }
        return try await runHooks("on-run-start", results: nil, plan: plan, cancellation: cancellation, events: events)
    }

    /// Runs the project's on-run-end hooks.
    ///
    /// - Returns: the results of all of them.
    func conclude(
        _ plan: ExecutionPlan, results: InvocationResults, cancellation: CancellationSwitch,
        events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> [NodeResult] {
        guard plan.command.writesToWarehouse, plan.command != .clone, !plan.isEmpty, !cancellation.isCancelled else {
            return []
        }
        return try await runHooks("on-run-end", results: results, plan: plan, cancellation: cancellation, events: events)
    }

    /// Runs the on-run-end hooks, for a scheduler of its own, before ``finish(_:events:)``.
    ///
    /// - Returns: the results of those that failed; the first failure ends them.
    /// - Throws: where the warehouse cannot be reached.
    package func runClosingHooks(
        _ results: InvocationResults, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> [NodeResult] {
        guard let plan = preparedPlan.withLock({ $0 }) else { return [] }
        return try await withCancellation { cancellation in
            try await conclude(plan, results: results, cancellation: cancellation, events: events)
        }.filter { $0.status == .error }
    }

    func runHooks(
        _ tag: String, results: InvocationResults?, plan: ExecutionPlan, cancellation: CancellationSwitch,
        events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> [NodeResult] {
        let hooks = manifest.operations.filter { $0.tags == [tag] }
        guard !hooks.isEmpty else { return [] }
        let schemas = schemas(of: plan)
        return try await pool.withWorker { [world, compiler] worker in
            var ended: [NodeResult] = []
            for (index, hook) in hooks.enumerated() {
                let name = "\(hook.packageName).\(tag).\(index)"
                if ended.last.map({ $0.status != .success }) ?? false {
                    ended.append(HookRunner.skipped(hook, name: name))
                    events(.hook(ended[index], index: index + 1, total: hooks.count))
                    continue
                }
                events(.hookStarted(hook.id, index: index + 1, total: hooks.count))
                let result = try await worker.use(cancellation, events: observer(events)) { warehouse in
                    try HookRunner(
                        world: world, compiler: compiler, schemas: schemas, selected: plan.ids, log: { events(.log($0)) }
                    )
                    .run(hook, name: name, on: warehouse, results: results)
                }
                events(.hook(result, index: index + 1, total: hooks.count))
                ended.append(result)
            }
            return ended
        }
    }

    /// Who is told of statements.
    func observer(_ events: @escaping @Sendable (TransformEvent) -> Void) -> (@Sendable (TransformEvent) -> Void)? {
        options.observesStatements ? events : nil
    }

    /// Ends what ``prepare(_:events:)`` began: writes the artifacts, closes the connections.
    ///
    /// What fails here is logged; the nodes' results stand.
    package func finish(
        _ results: InvocationResults, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async {
        do {
            try writeArtifacts(results, events: events)
        } catch {
            events(.log(LogMessage(.error, "\(error)")))
        }
        await close()
    }

    /// Writes target/manifest.json and target/run_results.json, unless the command line forbids it.
    func writeArtifacts(
        _ results: InvocationResults, events: @Sendable (TransformEvent) -> Void = { _ in }
    ) throws {
        guard options.writesArtifacts else { return }
        try writeManifest(events: events)
        try writeRunResults(results, events: events)
    }

    /// Writes the artifacts of a command that runs no plan.
    package func writeArtifacts(of results: InvocationResults) throws { try writeArtifacts(results) }

    /// Writes target/run_results.json.
    func writeRunResults(
        _ results: InvocationResults, events: @Sendable (TransformEvent) -> Void = { _ in }
    ) throws {
        let artifact = RunResultsArtifact(results: results, world: world)
        let path = targetFolder + "/run_results.json"
        try artifact.write(to: path)
        events(.wrote(type: "RunExecutionResult", path: path))
    }

    /// Writes target/manifest.json.
    package func writeManifest(events: @Sendable (TransformEvent) -> Void = { _ in }) throws {
        try makeManifest()
        events(.wrote(type: "WritableManifest", path: targetFolder + "/manifest.json"))
        events(.wrote(type: "SemanticManifest", path: targetFolder + "/semantic_manifest.json"))
    }

    private func makeManifest() throws {
        let artifact = ManifestArtifact(
            manifest: manifest, world: world, graph: lazyGraph, compilations: compiler.compilations,
            selectors: .object(JSON.Members(selectors.map { ($0.name, $0.json) })))
        let path = targetFolder + "/manifest.json"
        let head = artifact.head
        let isPlain = compiler.compilations.isEmpty
        if isPlain, let manifestCache, manifestCache.refresh(path, head: head) { return }
        let file = try PieceFile(path)
        file.add(0, head)
        artifact.writePieces(to: file, from: 1) { [manifest, manifestCache] in
            if let manifestCache, manifestCache.isStale.load(ordering: .relaxed) { manifestCache.store(manifest) }
        }
        try file.finish()
        try ProjectFileSystem.write(
            SemanticManifestArtifact(manifest: manifest).json.bytes(), to: targetFolder + "/semantic_manifest.json")
        if isPlain { manifestCache?.mark(path, head: head) }
    }
}
