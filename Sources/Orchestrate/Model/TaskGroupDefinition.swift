package import Diagnostics

/// A group of tasks that is shown as one, and that can wait for others or be waited for as one.
///
/// Groups need a definition only when they wait for something: naming a group in `TaskDefinition.group` is enough else.
package struct TaskGroupDefinition: Sendable, Hashable {
    package var id: GroupID
    /// What comes before the group: the tasks that begin it wait for these tasks or groups too.
    package var upstream: [TaskID]
    /// How often the group is tried again as a whole when it has failed.
    package var retries: RetryPolicy
    package var location: SourceLocation?

    package init(id: GroupID, upstream: [TaskID] = [], retries: RetryPolicy = .none, location: SourceLocation? = nil) {
        self.id = id
        self.upstream = upstream
        self.retries = retries
        self.location = location
    }
}
