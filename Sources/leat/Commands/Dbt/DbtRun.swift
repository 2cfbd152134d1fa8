import Transform

/// `build`, `run`, `test`, `seed`, `snapshot`, `clone`.
struct DbtRun {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    /// - Returns: whether no node failed.
    func run(_ command: Command) async throws -> Bool {
        let (session, reporter) = try await invocation.load()
        return try await run(session, reporter, try session.plan(command))
    }

    func run(_ session: TransformSession, _ reporter: DbtReporter, _ plan: ExecutionPlan) async throws -> Bool {
        try invocation.reportIdleSelections(session)
        try invocation.begin(plan, session, reporter)
        let results = try await session.execute(plan) { event in
            switch event {
            // Clones are told of in the end only, as with dbt.
            case .started, .finished: if plan.command != .clone { reporter.handle(event) }
            default: reporter.handle(event)
            }
        }
        reporter.finish(results, plan: plan, interrupted: Interruption.happened)
        return results.isSuccess
    }
}
