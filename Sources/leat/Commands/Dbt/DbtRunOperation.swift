import Documents
import Transform

/// `run-operation`.
struct DbtRunOperation {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    func run() async throws -> Bool {
        let arguments = invocation.arguments
        let given = arguments.mapping("args") ?? JSON.Members()
        let sql = arguments.text("sql")
        switch (arguments.positional, sql) {
        case (nil, nil): throw TransformError(.selector, "Either a macro name or --sql must be passed to run-operation")
        case (_?, _?): throw TransformError(.selector, "Cannot specify both a macro name and --sql for run-operation")
        case (nil, _?) where !given.isEmpty:
            throw TransformError(.selector, "--args cannot be used with --sql; pass arguments directly in the SQL")
        default: break
        }
        let (session, reporter) = try await invocation.load()
        var results: InvocationResults
        if let sql {
            results = try await session.runOperation(sql: sql) { reporter.handle($0) }
        } else {
            results = try await session.runOperation(arguments.positional ?? "", arguments: given) { reporter.handle($0) }
        }
        // dbt counts the operation itself.
        for index in results.results.indices { results.results[index].failures = results.results[index].status == .error ? 1 : 0 }
        try session.writeArtifacts(of: results)
        await session.close()
        for result in results.results where result.status == .error {
            invocation.write(
                "RunningOperationCaughtError", "Q001", .error,
                "Encountered an error while running operation: \(result.message ?? "")",
                [("exc", .string(result.message ?? ""))])
        }
        return results.isSuccess
    }
}
