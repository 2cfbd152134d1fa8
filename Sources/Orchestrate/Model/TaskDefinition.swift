package import Diagnostics
package import Documents

/// One step of a pipeline. What its work is, only the executor knows.
package struct TaskDefinition: Sendable, Hashable {
    package var id: TaskID
    /// The group that it is shown in, and that others can wait for as a whole.
    package var group: GroupID?
    /// What comes before it: tasks, or groups for all tasks that end them.
    package var upstream: [TaskID]
    package var triggerRule: TriggerRule
    package var retries: RetryPolicy
    /// How long one attempt may run.
    package var timeout: Duration?
    /// How long after the run was due the task must have finished; later it is reported as late, once, and goes on.
    package var deadline: Duration?
    /// Of tasks that could start, those with more start first; equal ones in the order of definition.
    package var priority: Int
    /// Slots that it takes while it is under way.
    package var claims: [SlotClaim]
    /// Whether its work is waiting: then it takes no room from others, however many tasks may be under way at once.
    package var isWaiting: Bool
    /// Whether it waits until the same task of the run before has ended well.
    package var dependsOnPast: Bool
    /// Whether an attempt goes on without the process that has begun it, and is found again by who takes up the run: its work is
    /// not ended when the run is put down, and not lost when the process dies.
    package var isDurable: Bool
    /// Whether the task prepares something for others, see `TriggerRule.allDoneSetupSuccess`.
    package var isSetup: Bool
    /// Whether the task closes what others opened. It does not stand for those before it: who waits for its group waits
    /// for these too, so that their failures are not hidden behind its success.
    package var isTeardown: Bool
    /// Data that the task changes when it succeeds.
    package var outlets: [DataReference]
    /// What people see it as: `sync`, `dbt`, `empty`.
    package var kind: String
    /// What the executor needs to know to do the work.
    package var work: JSON
    package var description: String?
    /// Where it was defined, for errors.
    package var location: SourceLocation?

    package init(
        id: TaskID, group: GroupID? = nil, upstream: [TaskID] = [], triggerRule: TriggerRule = .allSuccess,
        retries: RetryPolicy = .none, timeout: Duration? = nil, deadline: Duration? = nil, priority: Int = 0,
        claims: [SlotClaim] = [], isWaiting: Bool = false, dependsOnPast: Bool = false,
        isDurable: Bool = false, isSetup: Bool = false, isTeardown: Bool = false, outlets: [DataReference] = [],
        kind: String = "task", work: JSON = .null,
        description: String? = nil, location: SourceLocation? = nil
    ) {
        self.id = id
        self.group = group
        self.upstream = upstream
        self.triggerRule = triggerRule
        self.retries = retries
        self.timeout = timeout
        self.deadline = deadline
        self.priority = priority
        self.claims = claims
        self.isWaiting = isWaiting
        self.dependsOnPast = dependsOnPast
        self.isDurable = isDurable
        self.isSetup = isSetup
        self.isTeardown = isTeardown
        self.outlets = outlets
        self.kind = kind
        self.work = work
        self.description = description
        self.location = location
    }
}
