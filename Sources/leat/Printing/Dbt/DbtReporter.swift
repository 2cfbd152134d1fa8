import Transform

/// Shows an invocation of dbt's command line while it goes on.
protocol DbtReporter: Sendable {
    func begin(_ plan: ExecutionPlan, threads: Int, target: String)
    func handle(_ event: TransformEvent)
    func finish(_ results: InvocationResults, plan: ExecutionPlan)
}
