/// One attempt at a task within a run; attempts are numbered from 1.
package struct AttemptKey: Sendable, Hashable, CustomStringConvertible {
    package let task: TaskID
    package let number: Int

    package init(task: TaskID, number: Int) {
        self.task = task
        self.number = number
    }

    package var description: String { "\(task)#\(number)" }
}
