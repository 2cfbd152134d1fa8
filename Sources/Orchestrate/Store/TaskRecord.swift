/// A task of a run as the store keeps it: how it stands, and what of its definition people see later.
package struct TaskRecord: Sendable, Hashable {
    package var result: TaskResult
    /// Its place in the order of definition.
    package var position: Int
    package var group: GroupID?
    package var kind: String

    package init(result: TaskResult, position: Int, group: GroupID?, kind: String) {
        self.result = result
        self.position = position
        self.group = group
        self.kind = kind
    }
}
