import Documents
import Jinja
import Postgres

/// Compiles one node and fetches its first rows.
struct ShowRunner {
    let world: RenderWorld
    let compiler: NodeCompiler
    let selected: [NodeID]
    let log: @Sendable (LogMessage) -> Void

    func run(_ node: Node, limit: Int?, on warehouse: WarehouseSession) -> TransformSession.Shown {
        let start = DateTimeStamp.now()
        var result = NodeResult(id: node.id, status: .success)
        var rows: ShownRows?
        let state = NodeRun(warehouse: warehouse, selected: selected, log: log)
        let context = NodeContext(world: world, node: node, run: state)
        do {
            warehouse.comment = try QueryCommentRenderer.comment(for: context)
            var compilation = try compilation(of: node, context)
            state.compilation = compilation
            result.compiledPath = compilation.path
            let compiled = DateTimeStamp.now()
            result.timing.append(.init(name: "compile", start: start, end: compiled))
            compilation.code = try query(compilation.code, limit: limit, context)
            result.compiledCode = compilation.code
            let answer = try warehouse.execute(compilation.code)
            result.response = StatementResponse(tag: answer.commandTag)
            rows = ShownRows(TableObject(answer))
            result.timing.append(.init(name: "execute", start: compiled, end: .now()))
        } catch {
            let failure = NodeFailure(node: node, world: world, compiler: compiler)
            let described = failure.describe(
                error, compilation: state.compilation, written: nil, sent: warehouse.lastStatement)
            result.status = .error
            result.message = failure.message(described)
            result.error = described
        }
        result.executionTime = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        return .init(node: node, result: result, rows: rows)
    }

    /// A seed has no SQL of its own: its table is shown.
    private func compilation(of node: Node, _ context: NodeContext) throws -> Compilation {
        guard node.resourceType == .seed else { return try compiler.compile(node, in: context) }
        return Compilation(code: "select * from \(world.relation(of: node).rendered)")
    }

    /// The query with its header and limit, through the macro that a project may override.
    private func query(_ code: String, limit: Int?, _ context: NodeContext) throws -> String {
        guard let macro = world.macros.macro(named: "get_show_sql", from: context.package) else { return code }
        let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
        let header =
            context.run?.configOverrides["sql_header"] ?? context.node?.config["sql_header"].map { Value($0) } ?? .none
        let value = try withExtendedLifetime(context) {
            try runtime.call(
                context.callable(macro), Arguments([.string(code), header, Value(optional: limit)]))
        }
        return value.pythonString
    }
}
