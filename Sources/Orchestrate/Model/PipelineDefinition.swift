package import Diagnostics

/// A pipeline: tasks, what waits for what, and when it runs.
///
/// ```swift
/// let pipeline = PipelineDefinition(
///     id: "transformations",
///     tasks: [
///         TaskDefinition(id: "ingest", kind: "sync"),
///         TaskDefinition(id: "transform", upstream: ["ingest"], retries: RetryPolicy(count: 2)),
///         TaskDefinition(id: "sla_check", upstream: ["transform"], triggerRule: .allDone, deadline: .seconds(3600)),
///     ])
/// ```
package struct PipelineDefinition: Sendable, Hashable {
    package var id: PipelineID
    /// In the order in which they are shown, and started where nothing else decides.
    package var tasks: [TaskDefinition]
    package var groups: [TaskGroupDefinition]
    /// How many tasks of one run may be under way at once.
    package var maxActiveTasks: Int
    /// How many runs may be under way at once.
    package var maxActiveRuns: Int
    /// Whether the first failed task ends the run.
    package var failFast: Bool
    /// How long a run may take; then it is stopped and has failed.
    package var timeout: Duration?
    /// How long after it was due a run must have finished; later it is reported as late, once, and goes on.
    package var deadline: Duration?
    package var schedule: Schedule
    /// The changes of data that begin a run, beside those that time brings about.
    package var data: DataCondition?
    package var startDate: Timestamp?
    package var endDate: Timestamp?
    /// Whether runs that were due before the scheduler looked are made up for.
    package var catchup: Bool
    /// What runs can be told; empty where they take anything.
    package var parameters: [ParameterDefinition]
    package var owner: String?
    package var tags: [String]
    package var description: String?
    package var location: SourceLocation?

    package init(
        id: PipelineID, tasks: [TaskDefinition], groups: [TaskGroupDefinition] = [], maxActiveTasks: Int = 16,
        maxActiveRuns: Int = 16, failFast: Bool = false, timeout: Duration? = nil, deadline: Duration? = nil,
        schedule: Schedule = .manual, data: DataCondition? = nil, startDate: Timestamp? = nil, endDate: Timestamp? = nil,
        catchup: Bool = false,
        parameters: [ParameterDefinition] = [],
        owner: String? = nil, tags: [String] = [], description: String? = nil, location: SourceLocation? = nil
    ) {
        self.id = id
        self.tasks = tasks
        self.groups = groups
        self.maxActiveTasks = maxActiveTasks
        self.maxActiveRuns = maxActiveRuns
        self.failFast = failFast
        self.timeout = timeout
        self.deadline = deadline
        self.schedule = schedule
        self.data = data
        self.startDate = startDate
        self.endDate = endDate
        self.catchup = catchup
        self.parameters = parameters
        self.owner = owner
        self.tags = tags
        self.description = description
        self.location = location
    }
}

extension PipelineDefinition {
    /// When it runs by itself, for people: `0 2 * * *`, `connection:Orders and model:stock`, `every 6h, or table:marts.sales`.
    package var scheduleSummary: String {
        guard let data else { return schedule.summary }
        return schedule == .manual ? "\(data)" : "\(schedule.summary), or \(data)"
    }
}
