/// What came of a whole invocation.
package struct InvocationResults: Sendable {
    /// In the order in which the nodes ended.
    package var results: [NodeResult]
    /// Seconds.
    package var elapsed: Double

    package init(results: [NodeResult] = [], elapsed: Double = 0) {
        self.results = results
        self.elapsed = elapsed
    }

    /// Whether no node failed.
    package var isSuccess: Bool { !results.contains { $0.status.isFailure || ($0.status == .skipped && $0.error != nil) } }

    /// How many ended with the status.
    package func count(_ status: NodeStatus) -> Int { results.count { $0.status == status } }
}
