import Documents
import Jinja

/// Builds a microbatch model, one batch after the other.
struct MicrobatchRunner {
    let runner: NodeRunner
    let node: Node
    let thread: String

    /// Runs all batches. A batch that fails does not stop the others, except the first one of a table that is not there.
    func run(on warehouse: WarehouseSession, into result: inout NodeResult) throws {
        let world = runner.world
        let existing = try existing(on: warehouse)
        let fullRefresh = node.config.fullRefresh ?? world.options.fullRefresh
        // What is tried again goes beside the batches that are there.
        let previous = existing ? world.options.previousBatches[node.id] : nil
        let isIncremental = previous != nil || (existing && !fullRefresh)
        let now = world.options.currentTime
        let plan =
            try previous.map { try BatchPlan(node, remaining: $0.failed) }
            ?? BatchPlan(node, isIncremental: isIncremental, options: world.options, now: now)
        let sample = try world.options.sample.map { try SampleWindow.window($0, now: now) }
        var done: [EventWindow] = []
        var failed: [EventWindow] = []
        var firstError: NodeResult?
        for (index, window) in plan.windows.enumerated() {
            let batch = TransformEvent.Batch(
                node: node.id, label: plan.size.label(window.start ?? now), index: index + 1, total: plan.windows.count)
            runner.report(.batchStarted(batch))
            let start = DateTimeStamp.now().secondsSince1970
            let outcome = runBatch(
                Self.intersection(window, sample), plan.size, isIncremental: isIncremental || index > 0, on: warehouse)
            runner.report(
                .batchFinished(
                    batch, outcome.status, message: outcome.message, seconds: DateTimeStamp.now().secondsSince1970 - start))
            result.compiledPath = outcome.compiledPath
            result.compiledCode = outcome.compiledCode
            result.response = outcome.response ?? result.response
            if outcome.status == .success {
                done.append(window)
                continue
            }
            failed.append(window)
            firstError = firstError ?? outcome
            if index == 0, !isIncremental {
                failed += plan.windows.dropFirst()
                break
            }
        }
        result.batches = .init(
            successful: (previous?.successful ?? []) + done.map(Self.bounds), failed: failed.map(Self.bounds))
        if let firstError {
            result.status = done.isEmpty ? .error : .partialSuccess
            result.error = firstError.error
            result.message =
                done.isEmpty ? firstError.message : "PARTIAL SUCCESS (\(done.count)/\(plan.windows.count))"
        } else {
            result.message = "SUCCESS"
        }
    }

    private func existing(on warehouse: WarehouseSession) throws -> Bool {
        let relation = runner.world.relation(of: node)
        try warehouse.fillCache(forSchema: relation.schema ?? "", database: nil)
        guard let found = RelationKey(relation).flatMap({ warehouse.cache.relation($0) }) else { return false }
        return found.type == .table
    }

    private func runBatch(
        _ window: EventWindow, _ size: BatchSize, isIncremental: Bool, on warehouse: WarehouseSession
    ) -> NodeResult {
        var attempt = 1
        while true {
            var result = NodeResult(id: node.id, status: .success)
            let state = NodeRun(
                warehouse: warehouse, schemas: runner.schemas, selected: runner.selected, log: runner.log)
            state.thread = thread
            state.eventWindow = window
            state.batch = Self.batch(window, size)
            state.batchLabel = size.label(window.start ?? DateTime.now())
            do {
                try runBatch(state, size, isIncremental: isIncremental, into: &result)
            } catch {
                if runner.startsOver(node, after: error, attempt, on: warehouse) {
                    attempt += 1
                    continue
                }
                runner.fail(&result, node, error, state)
            }
            warehouse.finishNode()
            return result
        }
    }

    private func runBatch(
        _ state: NodeRun, _ size: BatchSize, isIncremental: Bool, into result: inout NodeResult
    ) throws {
        let warehouse = state.warehouse
        let context = NodeContext(world: runner.world, node: node, run: state)
        if isIncremental {
            context.set("is_incremental", .function("is_incremental") { _, _ in .bool(true) })
            context.set("should_full_refresh", .function("should_full_refresh") { _, _ in .bool(false) })
        }
        warehouse.nodeID = node.id
        warehouse.comment = try QueryCommentRenderer.comment(for: context)
        let compilation = try runner.compiler.compile(node, in: context, batch: state.batchLabel)
        state.compilation = compilation
        result.compiledPath = compilation.path
        result.compiledCode = compilation.code
        try runner.execute(node, state, context, into: &result)
    }

    private static func batch(_ window: EventWindow, _ size: BatchSize) -> Value {
        func time(_ value: DateTime?) -> Value { value.map { .object(DateTimeObject($0, kind: .datetime)) } ?? .none }
        return [
            "id": .string(window.start.map { size.label($0).replacing("-", with: "") } ?? ""),
            "event_time_start": time(window.start), "event_time_end": time(window.end),
        ]
    }

    private static func intersection(_ window: EventWindow, _ other: EventWindow?) -> EventWindow {
        guard let other else { return window }
        func later(_ a: DateTime?, _ b: DateTime?) -> DateTime? {
            guard let a, let b else { return a ?? b }
            return a.microseconds > b.microseconds ? a : b
        }
        func earlier(_ a: DateTime?, _ b: DateTime?) -> DateTime? {
            guard let a, let b else { return a ?? b }
            return a.microseconds < b.microseconds ? a : b
        }
        return EventWindow(start: later(window.start, other.start), end: earlier(window.end, other.end))
    }

    private static func bounds(_ window: EventWindow) -> NodeResult.Batches.Bounds {
        .init(start: window.start?.isoFormat() ?? "", end: window.end?.isoFormat() ?? "")
    }
}

extension Node {
    /// Whether the model is built batch by batch.
    package var isMicrobatch: Bool {
        self.resourceType == .model && self.config.materialized == .incremental
            && self.config["incremental_strategy"]?.string == "microbatch"
    }
}

extension InvocationOptions {
    /// Now, or what the environment says is now; in UTC.
    var currentTime: DateTime {
        let stamp = now ?? DateTimeStamp.now()
        return DateTime(microseconds: Int((stamp.secondsSince1970 * 1_000_000).rounded()), offset: 0)
    }
}
