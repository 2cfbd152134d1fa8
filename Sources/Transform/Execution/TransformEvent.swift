/// What happens while nodes run.
package enum TransformEvent: Sendable {
    /// A node begins; `index` counts from 1.
    case started(NodeID, index: Int, total: Int)
    case finished(NodeResult, index: Int, total: Int)
    /// A hook of the project ran before or after the nodes.
    case hook(NodeResult)
    case log(LogMessage)
}
