/// How a node ended, under dbt's names.
package enum NodeStatus: String, Sendable, CaseIterable {
    case success
    case error
    case skipped
    case pass
    case fail
    case warn

    /// Whether what depends on the node must not run.
    package var blocksDependents: Bool { self == .error || self == .fail || self == .skipped }

    /// Whether the invocation failed with it.
    package var isFailure: Bool { self == .error || self == .fail }
}
