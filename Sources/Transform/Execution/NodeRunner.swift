import Diagnostics
import Documents
import Foundation
import Jinja
import Postgres

/// Compiles and runs one node on a worker's thread.
struct NodeRunner {
    let world: RenderWorld
    let compiler: NodeCompiler
    let command: Command
    let schemas: [String]
    let selected: [NodeID]
    let log: @Sendable (LogMessage) -> Void
    /// Told of what is always worth telling.
    let report: @Sendable (TransformEvent) -> Void
    /// Told of statements and stages, where somebody listens.
    var events: (@Sendable (TransformEvent) -> Void)?

    /// How often a node is begun, where the server undoes it to end a deadlock.
    static let attempts = 4

    func run(_ node: Node, on warehouse: WarehouseSession, thread: String) -> NodeResult {
        let start = DateTimeStamp.now()
        warehouse.isForbidden = command == .compile && !world.options.introspects
        if command.writesToWarehouse, command != .clone, node.isMicrobatch {
            var result = NodeResult(id: node.id, status: .success)
            result.thread = thread
            return runBatches(node, on: warehouse, since: start, result)
        }
        var attempt = 1
        while true {
            var result = NodeResult(id: node.id, status: .success)
            result.thread = thread
            let state = NodeRun(warehouse: warehouse, schemas: schemas, selected: selected, log: nodeLog(node))
            state.thread = thread
            do {
                try run(node, on: warehouse, state, since: start, into: &result)
            } catch {
                if startsOver(node, after: error, attempt, on: warehouse) {
                    attempt += 1
                    continue
                }
                // What was begun has its time too.
                let isCompiled = result.timing.contains { $0.name == "compile" }
                let begun = result.timing.last?.end ?? start
                result.timing.append(.init(name: isCompiled ? "execute" : "compile", start: begun, end: .now()))
                fail(&result, node, error, state)
            }
            warehouse.finishNode()
            result.executionTime = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
            return result
        }
    }

    private func nodeLog(_ node: Node) -> @Sendable (LogMessage) -> Void {
        { [log, id = node.id] message in
            var message = message
            message.node = id
            log(message)
        }
    }

    /// Rolls back and waits a moment, where the server has undone all that the node did.
    func startsOver(_ node: Node, after error: any Error, _ attempt: Int, on warehouse: WarehouseSession) -> Bool {
        guard attempt < Self.attempts, warehouse.canStartOver(after: error) else { return false }
        let reason = NodeFailure.databaseError(in: error)?.message ?? "\(error)"
        nodeLog(node)(LogMessage(.info, "\(node.name): \(reason); the server has undone the node, it begins again"))
        warehouse.rollBackIfOpen()
        warehouse.finishNode()
        Thread.sleep(forTimeInterval: Double(attempt) * Double.random(in: 0.02...0.1))
        return true
    }

    private func run(
        _ node: Node, on warehouse: WarehouseSession, _ state: NodeRun, since start: DateTimeStamp, into result: inout NodeResult
    ) throws {
        let context = NodeContext(world: world, node: node, run: state)
        warehouse.nodeID = node.id
        warehouse.comment = try QueryCommentRenderer.comment(for: context)
        events?(.compiling(node.id))
        if command == .clone {
            try prepareClone(of: node, state)
        } else if let test = node.unitTest {
            if command.writesToWarehouse {
                try UnitTestRunner(runner: self, node: node, test: test).run(on: warehouse, state, into: &result)
            }
        } else if node.resourceType != .seed {
            let compilation = try compiler.compile(node, in: context)
            state.compilation = compilation
            result.compiledPath = compilation.path
            result.compiledCode = compilation.code
        }
        let compiled = DateTimeStamp.now()
        result.timing.append(.init(name: "compile", start: start, end: compiled))
        if command.writesToWarehouse { events?(.executing(node.id)) }
        if command.writesToWarehouse, node.unitTest == nil { try execute(node, state, context, into: &result) }
        result.timing.append(.init(name: "execute", start: compiled, end: .now()))
    }

    /// What a clone is made of: everything that the node's relation in the other state holds.
    private func prepareClone(of node: Node, _ run: NodeRun) throws {
        guard let relation = world.deferredRelation(of: node.id) else { return }
        try run.warehouse.fillCache(forSchema: relation.schema ?? "", database: relation.database)
        run.deferRelation = relation
        run.compilation = Compilation(code: "select * from \(relation.rendered)")
    }

    /// A microbatch model has a compilation and a run for each batch.
    private func runBatches(
        _ node: Node, on warehouse: WarehouseSession, since start: DateTimeStamp, _ initial: NodeResult
    ) -> NodeResult {
        var result = initial
        do {
            try MicrobatchRunner(runner: self, node: node, thread: result.thread).run(on: warehouse, into: &result)
        } catch {
            fail(&result, node, error, NodeRun(warehouse: warehouse, log: log))
            warehouse.finishNode()
        }
        result.timing = [.init(name: "execute", start: start, end: .now())]
        result.executionTime = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        return result
    }

    func execute(_ node: Node, _ run: NodeRun, _ context: NodeContext, into result: inout NodeResult) throws {
        guard node.resourceType != .analysis else { return }
        let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        let outcome = try withExtendedLifetime(context) { try materialize(node, context, runtime) }
        for value in outcome.dictValue?["relations"]?.elements ?? [] {
            if let relation = (value.objectValue as? RelationObject)?.relation { run.warehouse.cache.add(relation) }
        }
        if node.resourceType == .test {
            try TestEvaluation(
                node: node, warnError: world.options.warningPolicy().verdict(on: .logTestResult) == .error
            ).evaluate(run, into: &result)
            return
        }
        if command == .clone, run.mainResponse == nil {
            result.message = "No-op"
            return
        }
        guard let response = run.mainResponse else {
            throw TransformError(
                .compilation, "the materialization '\(node.config.materialized.rawValue)' ran no statement called 'main'")
        }
        result.response = response
        result.message = response.message
        result.rowsAffected = response.rowsAffected
    }

    func materialize(_ node: Node, _ context: NodeContext, _ runtime: Runtime) throws -> Value {
        try checkName(of: node)
        let name = command == .clone ? "clone" : node.config.materialized.rawValue
        guard let macro = world.macros.materialization(name, from: node.packageName) else {
            let prefix = "materialization_"
            let macros = world.macros.all.map(\.name).filter { $0.hasPrefix(prefix) }
            let known = Set(macros.map { $0.dropFirst(prefix.count).split(separator: "_").dropLast().joined(separator: "_") })
                .sorted()
            throw TransformError(
                .compilation, "there is no materialization '\(name)'", location: node.location,
                hint: Suggestion.hint(for: name, in: known) ?? "there are: \(known.joined(separator: ", "))")
        }
        guard node.language == "sql" || node.resourceType != .model else {
            throw TransformError(
                .language, "Materialization \"\(macro.name)\" only supports languages ['sql']; got \"\(node.language)\"",
                location: node.location, hint: "PostgreSQL runs no Python models: write it as SQL, or disable it")
        }
        return try runtime.call(context.callable(macro), Arguments())
    }

    /// PostgreSQL cuts longer names without a word: the next run would not find the table, and two could become one.
    private func checkName(of node: Node) throws {
        let limit = 63
        guard node.isRelational, node.alias.utf8.count > limit else { return }
        throw TransformError(
            .compilation, "the name '\(node.alias)' has \(node.alias.utf8.count) bytes, PostgreSQL's names at most \(limit)",
            location: node.location, hint: "give it a shorter one: config(alias='...')")
    }

    func fail(_ result: inout NodeResult, _ node: Node, _ error: any Error, _ run: NodeRun) {
        let ephemeral = error as? EphemeralFailure
        let failure = NodeFailure(
            node: ephemeral?.node ?? node, world: world, compiler: compiler, batch: run.batchLabel)
        let described = failure.describe(
            ephemeral?.underlying ?? error, compilation: run.compilation, written: run.writtenCode,
            sent: run.warehouse.lastStatement)
        result.status = error is EphemeralFailure ? .skipped : .error
        result.message = failure.message(described)
        result.error = described
        run.warehouse.rollBackIfOpen()
    }
}
