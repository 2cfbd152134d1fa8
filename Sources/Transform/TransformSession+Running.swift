import Diagnostics
import Documents
import Jinja
import Postgres
import Synchronization

extension TransformSession {
    /// Runs all nodes of a plan, `threads` at a time, each after those that it needs.
    ///
    /// Cancelling the task stops the statements on the server and returns within a second; what had not ended is
    /// reported as an error or as skipped. In the end the artifacts are written and the connections closed.
    /// - Parameter closing: whether the connections are closed in the end.
    /// - Throws: where the warehouse cannot be reached or prepared. Failures of nodes are results.
    package func execute(
        _ plan: ExecutionPlan, closing: Bool = true, events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> InvocationResults {
        let start = DateTimeStamp.now()
        let cancellation = CancellationSwitch()
        // Stops the nodes only: those under way when another one fails, if that is wanted.
        let nodesCancellation = CancellationSwitch()
        var results = InvocationResults()
        do {
            results = try await withTaskCancellationHandler {
                let hooks = try await prepare(plan, cancellation: cancellation, events: events)
                var results: InvocationResults
                if hooks.contains(where: { $0.status == .error }), skipsAfterFailedHook {
                    results = skipAll(plan, events: events)
                } else {
                    results = await runAll(plan, cancellation: nodesCancellation, events: events)
                }
                results.results += try await conclude(plan, results: results, cancellation: cancellation, events: events)
                results.results.insert(contentsOf: hooks, at: 0)
                return results
            } onCancel: {
                cancellation.cancel()
                nodesCancellation.cancel()
            }
        } catch {
            await close()
            throw error
        }
        results.elapsed = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        // Who cancelled waits: a large manifest would take its time, and says nothing new.
        if cancellation.isCancelled {
            try writeRunResults(results, events: events)
        } else if plan.command == .compile, !results.isSuccess {
            // As with dbt, a project that does not compile has no results.
            if options.writesArtifacts { try writeManifest(events: events) }
        } else {
            try writeArtifacts(results, events: events)
        }
        if closing { await close() }
        return results
    }

    /// Whether nothing runs where a hook before it has failed, which a flag of the project may change.
    private var skipsAfterFailedHook: Bool {
        world.root.definition.flags["skip_nodes_if_on_run_start_fails"]?.bool ?? true
    }

    private func skipAll(_ plan: ExecutionPlan, events: @Sendable (TransformEvent) -> Void) -> InvocationResults {
        let results = plan.nodes.map { node in
            var result = NodeResult(id: node.id, status: .skipped, message: "Skipped: a hook before the run failed")
            result.thread = "main"
            return result
        }
        for (index, result) in results.enumerated() { events(.finished(result, index: index + 1, total: results.count)) }
        return InvocationResults(results: results)
    }

    private func runAll(
        _ plan: ExecutionPlan, cancellation: CancellationSwitch, events: @escaping @Sendable (TransformEvent) -> Void
    ) async -> InvocationResults {
        var schedule = Schedule(plan)
        let total = plan.nodes.count
        let runner = runner(for: plan, events: events)
        return await withTaskGroup(of: (Int, NodeResult).self) { group in
            var results: [NodeResult] = []
            var running = 0
            var isStopping = false
            func finish(_ position: Int, _ given: NodeResult) {
                var result = given
                if result.error?.code == TransformError.Code.cancelled.rawValue {
                    events(.cancelled(result.id))
                    // What was stopped because of another node is no failure of its own.
                    if isStopping { result = Self.skipped(result.id, because: nil) }
                }
                results.append(result)
                events(.finished(result, index: position + 1, total: total))
                schedule.finished(position, result)
                if options.failFast, result.status.isFailure, !isStopping {
                    isStopping = true
                    cancellation.cancel()
                }
            }
            while true {
                while running < threads, let next = schedule.next() {
                    let id = plan.nodes[next.position].id
                    if let cause = next.blockedBy {
                        finish(next.position, Self.skipped(id, because: cause))
                    } else if isStopping || cancellation.isCancelled {
                        finish(next.position, Self.skipped(id, because: nil, cancelled: !isStopping))
                    } else if manifest.isIdle(id) {
                        finish(next.position, Self.idle(id))
                    } else if let node = manifest.runnable(id) {
                        running += 1
                        events(.started(id, index: next.position + 1, total: total))
                        group.addTask { [pool] in
                            do {
                                let result = try await pool.withWorker {
                                    await $0.run(node, with: runner, cancellation: cancellation)
                                }
                                return (next.position, result)
                            } catch {
                                return (next.position, Self.skipped(id, because: nil, cancelled: true))
                            }
                        }
                    }
                }
                guard running > 0, let (position, result) = await group.next() else { break }
                running -= 1
                finish(position, result)
            }
            return InvocationResults(results: results)
        }
    }

    private static func idle(_ id: NodeID) -> NodeResult {
        var result = NodeResult(id: id, status: .noOp, message: "NO-OP")
        let now = DateTimeStamp.now()
        result.timing = ["compile", "execute"].map { .init(name: $0, start: now, end: now) }
        result.failures = 0
        return result
    }

    static func skipped(_ id: NodeID, because cause: NodeID?, cancelled: Bool = false) -> NodeResult {
        var result = NodeResult(id: id, status: .skipped)
        result.skippedBecauseOf = cause
        result.message =
            cause.map { "Skipped because \($0) did not succeed" }
            ?? (cancelled ? "Skipped: cancelled" : "Skipping due to fail_fast")
        return result
    }

    /// Runs one node, for a scheduler of its own. At most ``threads`` run at a time; the others wait.
    ///
    /// Call ``prepare(_:events:)`` once before. Cancelling the task stops the node's statement on the server.
    package func runNode(
        _ id: NodeID, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async -> NodeResult {
        let plan = preparedPlan.withLock { $0 } ?? ExecutionPlan(command: .build, nodes: [])
        guard let node = manifest.runnable(id) else {
            return NodeResult(id: id, status: .error, message: "there is no node \(id)")
        }
        let index = (plan.nodes.firstIndex { $0.id == id } ?? 0) + 1
        let cancellation = CancellationSwitch()
        let runner = runner(for: plan, events: events)
        let result = await withTaskCancellationHandler {
            do {
                return try await pool.withWorker { worker in
                    events(.started(id, index: index, total: plan.nodes.count))
                    return await worker.run(node, with: runner, cancellation: cancellation)
                }
            } catch {
                return Self.skipped(id, because: nil, cancelled: true)
            }
        } onCancel: {
            cancellation.cancel()
        }
        events(.finished(result, index: index, total: plan.nodes.count))
        return result
    }

    /// The SQL of one node, also written to target/compiled. Asks the warehouse only if the template does.
    package func compile(_ id: NodeID) async throws -> Compilation {
        guard let node = manifest.nodes[id] else { throw TransformError(.selector, "there is no node \(id)") }
        let cancellation = CancellationSwitch()
        return try await withTaskCancellationHandler {
            try await pool.withWorker { [world, compiler] worker in
                try await worker.use(cancellation) { warehouse in
                    let run = NodeRun(warehouse: warehouse, log: world.scope.log)
                    let context = NodeContext(world: world, node: node, run: run)
                    do {
                        return try compiler.compile(node, in: context)
                    } catch {
                        throw NodeFailure(node: node, world: world, compiler: compiler)
                            .describe(error, compilation: nil, written: nil, sent: warehouse.lastStatement)
                    }
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// The SQL of a template from the command line.
    package func compile(
        inline code: String, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> String {
        let node = try InlineNode.make(code, name: "inline_query", world: world)
        let observer = observer(events)
        return try await withCancellation { [pool, world, compiler] cancellation in
            try await pool.withWorker { worker in
                try await worker.use(cancellation, events: observer) { warehouse in
                    warehouse.isForbidden = !world.options.introspects
                    let run = NodeRun(warehouse: warehouse, log: { events(.log($0)) })
                    do {
                        return try compiler.compile(node, in: NodeContext(world: world, node: node, run: run)).code
                    } catch {
                        throw NodeFailure.describe(operation: error, sent: warehouse.lastStatement)
                    }
                }
            }
        }
    }

    func runner(for plan: ExecutionPlan, events: @escaping @Sendable (TransformEvent) -> Void) -> NodeRunner {
        NodeRunner(
            world: world, compiler: compiler, command: plan.command, schemas: schemas(of: plan), selected: plan.ids,
            log: { events(.log($0)) }, report: events, events: options.observesStatements ? events : nil)
    }

    /// The schemas that the nodes of a plan write to.
    func schemas(of plan: ExecutionPlan) -> [String] {
        var seen: Set<String> = []
        return plan.nodes.compactMap { manifest.nodes[$0.id] }.filter(\.isRelational).compactMap(\.schema)
            .filter { seen.insert($0).inserted }
    }
}
