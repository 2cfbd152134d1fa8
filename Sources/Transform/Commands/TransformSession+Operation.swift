package import Documents
import Jinja
import Postgres

extension TransformSession {
    /// Runs a macro.
    ///
    /// - Parameters:
    ///   - name: `macro` or `package.macro`.
    ///   - arguments: the values of its parameters.
    /// - Returns: the operation as a result; a failure is one.
    /// - Throws: ``TransformError`` where there is no such macro.
    package func runOperation(
        _ name: String, arguments: JSON.Members, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> InvocationResults {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let found =
            parts.count == 2
            ? world.macros.namespace(parts[0])?[parts[1]] : world.macros.macro(named: name, from: world.root.name)
        guard let macro = found else {
            throw TransformError(
                .compilation, "dbt could not find a macro with the name '\(name)' in any package",
                hint: world.macros.suggestion(for: parts.last ?? name, from: world.root.name))
        }
        return try await operation(id: NodeID(macro.id), label: "macro \(macro.name)", events: events) { context, _ in
            let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
            let values = arguments.entries.map { (name: $0.key, value: Value($0.value)) }
            _ = try runtime.call(context.callable(macro), Arguments(named: values))
            return nil
        }
    }

    /// Runs a template that is given in the place of a macro.
    package func runOperation(
        sql code: String, events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> InvocationResults {
        let node = try InlineNode.make(code, name: "inline_query", world: world)
        return try await operation(id: node.id, label: "inline_query", node: node, events: events) {
            [compiler] context, warehouse in
            let sql = try compiler.compile(node, in: context).code
            let answer = try warehouse.execute(sql, beginsTransaction: true)
            try warehouse.commit()
            return StatementResponse(tag: answer.commandTag)
        }
    }

    private func operation(
        id: NodeID, label: String, node: Node? = nil, events: @escaping @Sendable (TransformEvent) -> Void,
        _ body: @escaping @Sendable (NodeContext, WarehouseSession) throws -> StatementResponse?
    ) async throws -> InvocationResults {
        let observer = observer(events)
        let start = DateTimeStamp.now()
        let result = try await withCancellation { [pool, world] cancellation in
            try await pool.withWorker { worker in
                try await worker.use(cancellation, events: observer) { warehouse in
                    Self.operate(id, label: label, node: node, world: world, on: warehouse, events: events, body)
                }
            }
        }
        return InvocationResults(
            results: [result], elapsed: DateTimeStamp.now().secondsSince1970 - start.secondsSince1970)
    }

    private static func operate(
        _ id: NodeID, label: String, node: Node?, world: RenderWorld, on warehouse: WarehouseSession,
        events: @escaping @Sendable (TransformEvent) -> Void,
        _ body: (NodeContext, WarehouseSession) throws -> StatementResponse?
    ) -> NodeResult {
        let start = DateTimeStamp.now()
        var result = NodeResult(id: id, status: .success)
        let run = NodeRun(warehouse: warehouse, log: { events(.log($0)) })
        let context = NodeContext(world: world, node: node, run: run)
        do {
            warehouse.comment = try QueryCommentRenderer.comment(for: context)
            result.response = try withExtendedLifetime(context) { try body(context, warehouse) }
        } catch {
            let described = NodeFailure.describe(operation: error, sent: warehouse.lastStatement)
            result.status = .error
            result.error = described
            result.message = "\(described.dbtTitle) in \(label)\n" + described.indentedText
        }
        result.timing = [.init(name: "execute", start: start, end: .now())]
        result.executionTime = DateTimeStamp.now().secondsSince1970 - start.secondsSince1970
        return result
    }
}
