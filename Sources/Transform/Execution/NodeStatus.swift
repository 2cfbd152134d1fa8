/// How a node ended, under dbt's names.
package enum NodeStatus: String, Sendable, CaseIterable {
    case success
    case error
    case skipped
    case pass
    case fail
    case warn
    /// Some batches of a microbatch model failed.
    case partialSuccess = "partial success"
    /// There was nothing to do.
    case noOp = "no-op"

    /// Whether what depends on the node must not run.
    package var blocksDependents: Bool { isFailure || self == .skipped }

    /// Whether the invocation failed with it.
    package var isFailure: Bool { self == .error || self == .fail || self == .partialSuccess }
}
