import Documents
import Jinja
import Orchestrate
import Transform

/// The names that the templates of a channel may use: what happened, and what the tasks of the run see.
struct NotificationGlobals: Globals {
    /// The first of those that are told together.
    let first: Notification
    /// All of them, and the text that tells of them.
    let all: [Notification]
    let text: String
    let task: TaskGlobals

    /// - Parameters:
    ///   - run: nil where only the notifications are known any more; then there are no `params`.
    ///   - values: variables, connections and secrets.
    init(_ all: [Notification], text: String, first: Notification, of run: ObservedRun?, values: ValueLookup) {
        self.all = all
        self.text = text
        self.first = first
        let request = run?.record.request ?? RunRequest(name: first.run.name, logicalDate: first.logicalDate)
        let context = RunContext(
            id: first.run, request: request, startedAt: run?.record.startedAt ?? run?.record.queuedAt ?? first.time)
        let pipeline = run?.definition ?? PipelineDefinition(id: first.run.pipeline, tasks: [], owner: first.owner)
        let definition = pipeline.tasks.first { $0.id == first.task } ?? TaskDefinition(id: first.task ?? TaskID(""))
        task = TaskGlobals(attempt: TaskAttempt(run: context, task: definition), pipeline: pipeline, values: values)
    }

    func value(named name: String) throws -> Value? {
        switch name {
        case "event", "project", "pipeline", "task_id", "owner", "state", "message", "hint", "failed_tasks", "time":
            first.json[name].map { Value($0) }
        case "text": .string(text)
        case "events": Value(.array(all.map(\.json)))
        default: try task.value(named: name)
        }
    }
}
