import Documents
import Jinja
import Postgres

/// Runs the hooks that a project has before and after its nodes.
struct HookRunner {
    let world: RenderWorld
    let compiler: NodeCompiler
    let schemas: [String]
    let selected: [NodeID]
    let log: @Sendable (LogMessage) -> Void

    /// - Parameters:
    ///   - name: dbt's, `shop.on-run-start.0`.
    ///   - results: what the nodes came to, for hooks after them.
    /// - Throws: what keeps a hook before the nodes from being rendered.
    func run(
        _ hook: Node, name: String, on warehouse: WarehouseSession, results: InvocationResults?
    ) throws -> NodeResult {
        let start = DateTimeStamp.now()
        var compiled = start
        let run = NodeRun(warehouse: warehouse, schemas: schemas, selected: selected, log: log)
        let context = NodeContext(world: world, node: hook, run: run)
        if let results { context.set("results", .list(List(results.results.map { .object(ResultObject($0, world: world)) }))) }
        context.set(
            "database_schemas",
            .list(List(schemas.map { .tuple(Tuple([.string(world.profile.credentials.database), .string($0)])) })))
        warehouse.comment = try QueryCommentRenderer.comment(for: context)
        warehouse.leaveImplicitTransaction()
        var result = NodeResult(id: hook.id, status: .success, message: "\(name) passed")
        result.thread = "main"
        result.failures = 0
        do {
            let compilation = try compiler.compile(hook, in: context)
            result.compiledCode = compilation.code
            compiled = .now()
            let sql = compilation.code.trimmingWhitespaceBytes
            if !sql.isEmpty { _ = try warehouse.execute(sql) }
        } catch {
            var error = NodeFailure(node: hook, world: world, compiler: compiler)
                .describe(error, compilation: nil, written: nil, sent: warehouse.lastStatement)
            error.location = hook.location
            error.details.append("in the hook \(hook.name)")
            // As in dbt, a hook before the nodes that cannot be rendered ends the invocation; what the server refuses is a result.
            if results == nil, result.compiledCode == nil { throw error }
            result.status = .error
            result.error = error
            result.failures = 1
            result.message = "\(name) failed, error:\n \(error.message)"
        }
        let end = DateTimeStamp.now()
        result.timing = [
            .init(name: "compile", start: start, end: compiled), .init(name: "execute", start: compiled, end: end),
        ]
        result.executionTime = end.secondsSince1970 - start.secondsSince1970
        return result
    }

    /// One that comes after a failure.
    static func skipped(_ hook: Node, name: String) -> NodeResult {
        var result = NodeResult(id: hook.id, status: .skipped, message: "\(name) skipped")
        result.thread = "main"
        result.failures = 1
        return result
    }
}

/// A result in `on-run-end` hooks.
final class ResultObject: MethodObject {
    private let result: NodeResult
    private let world: RenderWorld

    init(_ result: NodeResult, world: RenderWorld) {
        self.result = result
        self.world = world
    }

    override var typeName: String { "RunResult" }
    override var isTruthy: Bool { true }

    override func field(_ name: String, _ runtime: Runtime) throws -> Value? {
        switch name {
        case "status": .string(result.status.rawValue)
        case "message": Value(optional: result.message)
        case "failures": Value(optional: result.failures)
        case "execution_time": .double(result.executionTime)
        case "thread_id": .string(result.thread)
        case "unique_id": .string(result.id.rawValue)
        case "node": world.manifest?.nodes[result.id].map { .object(NodeObject($0, world: world)) } ?? Value.none
        case "adapter_response": Value(result.response?.json ?? [:])
        case "timing": .list(List())
        default: nil
        }
    }
}
