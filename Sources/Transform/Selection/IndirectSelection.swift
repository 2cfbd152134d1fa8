/// When a test that touches selected nodes is selected too.
package enum IndirectSelection: String, Sendable, CaseIterable {
    /// As soon as one node that it depends on is.
    case eager
    /// Only if all nodes that it depends on are.
    case cautious
    /// Only if all nodes that it depends on, or their ancestors, are.
    case buildable
    /// Never.
    case empty
}
