/// What happens while nodes run.
package enum TransformEvent: Sendable {
    /// A node begins; `index` counts from 1.
    case started(NodeID, index: Int, total: Int)
    /// A node's statement was stopped on the server.
    case cancelled(NodeID)
    /// A node's template is being rendered.
    case compiling(NodeID)
    /// A node's statements are being run.
    case executing(NodeID)
    case finished(NodeResult, index: Int, total: Int)
    /// A hook of the project begins, before or after the nodes.
    case hookStarted(NodeID, index: Int, total: Int)
    case hook(NodeResult, index: Int, total: Int)
    /// A connection to the warehouse is opened, for a node or for the command itself.
    case connected(NodeID?)
    /// A connection that is open serves another node than before.
    case reused(NodeID?, before: NodeID?)
    /// A connection was closed; the node is the one that it served last.
    case disconnected(NodeID?)
    /// A batch of a microbatch model begins; `index` counts from 1.
    case batchStarted(Batch)
    /// A batch has ended. `message` is the server's answer, where nothing failed.
    case batchFinished(Batch, NodeStatus, message: String?, seconds: Double)
    /// An artifact was written; `type` is dbt's name for its kind.
    case wrote(type: String, path: String)
    /// A statement goes to the warehouse, with its comment.
    case statement(NodeID?, sql: String)
    /// The warehouse answered to it.
    case answer(NodeID?, status: String, seconds: Double)
    case log(LogMessage)

    /// A batch of a microbatch model.
    package struct Batch: Sendable, Hashable {
        package var node: NodeID
        /// When it begins, as file names have it.
        package var label: String
        /// From 1.
        package var index: Int
        package var total: Int
    }
}
