package import Diagnostics
package import Documents

/// What came of a node.
package struct NodeResult: Sendable {
    package var id: NodeID
    package var status: NodeStatus
    /// `CREATE VIEW`, `INSERT 500`, `Got 2 results, configured to fail if != 0`, or the error in dbt's words.
    package var message: String?
    /// How many rows a test found.
    package var failures: Int?
    /// Seconds.
    package var executionTime: Double = 0
    package var timing: [Timing] = []
    package var rowsAffected: Int?
    package var response: StatementResponse?
    /// The compiled file as the user would name it.
    package var compiledPath: String?
    package var compiledCode: String?
    /// The first rows that a failed test found.
    package var failingRows: FailingRows?
    /// The error with its place, for people.
    package var error: (any UserFacingError)?
    /// The node that kept this one from running.
    package var skippedBecauseOf: NodeID?
    package var thread = "Thread-1"
    /// How the batches of a microbatch model ended.
    package var batches: Batches?

    package init(id: NodeID, status: NodeStatus, message: String? = nil) {
        self.id = id
        self.status = status
        self.message = message
    }

    /// The warehouse's answer as artifacts have it.
    package var adapterResponse: JSON { response?.json ?? [:] }

    /// When a part of the work began and ended.
    package struct Timing: Sendable, Hashable {
        /// `compile` or `execute`.
        package var name: String
        package var start: DateTimeStamp
        package var end: DateTimeStamp
    }

    /// The batches of a microbatch model.
    package struct Batches: Sendable, Hashable {
        package struct Bounds: Sendable, Hashable {
            package var start: String
            package var end: String
        }

        package var successful: [Bounds]
        package var failed: [Bounds]
    }

    /// Rows as texts, nil for null.
    package struct FailingRows: Sendable, Hashable {
        package var columns: [String]
        package var rows: [[String?]]
    }
}
