import Documents
import Orchestrate

/// Something that a channel is to tell. Nothing in it needs to be hidden any more.
struct Notification: Sendable, Hashable {
    let event: NotificationEvent
    let project: String
    let run: RunID
    /// nil for what is told of the run.
    let task: TaskID?
    let owner: String?
    let time: Timestamp
    /// How the run or the task stands.
    let state: String
    /// What is wrong, or what was to be done by when.
    var message: String?
    var hint: String?
    /// The tasks of the run that have failed by themselves.
    var failedTasks: [String] = []
    let logicalDate: Timestamp?
    var text = ""

    /// The document that webhooks and commands get, and that waits on disk.
    var json: JSON {
        [
            "event": .string(event.rawValue), "project": .string(project), "pipeline": .string(run.pipeline.rawValue),
            "run_id": .string(run.name), "task_id": task.map { .string($0.rawValue) } ?? .null,
            "owner": owner.map { .string($0) } ?? .null, "time": .string(time.description), "state": .string(state),
            "message": message.map { .string($0) } ?? .null, "hint": hint.map { .string($0) } ?? .null,
            "failed_tasks": .array(failedTasks.map { .string($0) }),
            "logical_date": logicalDate.map { .string($0.description) } ?? .null, "text": .string(text),
        ]
    }
}

extension Notification {
    /// - Returns: nil for what is no notification.
    init?(json: JSON) {
        guard let event = json["event"]?.string.flatMap({ NotificationEvent(rawValue: $0) }), let text = json["text"]?.string,
            let pipeline = json["pipeline"]?.string, let name = json["run_id"]?.string,
            let time = json["time"]?.string.flatMap({ try? Timestamp(parsing: $0) })
        else { return nil }
        self.init(
            event: event, project: json["project"]?.string ?? "", run: RunID(pipeline: PipelineID(pipeline), name: name),
            task: json["task_id"]?.string.map { TaskID($0) }, owner: json["owner"]?.string, time: time,
            state: json["state"]?.string ?? "", message: json["message"]?.string, hint: json["hint"]?.string,
            failedTasks: json["failed_tasks"]?.array?.compactMap(\.string) ?? [],
            logicalDate: json["logical_date"]?.string.flatMap { try? Timestamp(parsing: $0) }, text: text)
    }

    /// What Leat says where the channel has no text of its own.
    var sentence: String {
        let about = task.map { "\(run.pipeline), task \($0)" } ?? run.pipeline.rawValue
        let what =
            switch event {
            case .success: "has succeeded"
            case .failure: "has failed"
            case .retry: "has failed and is tried again"
            case .deadline: "is late"
            case .recovery: "is well again"
            }
        return "\(about) \(what)" + (message.map { ": \($0)" } ?? "") + " (run \(run.name))"
            + (hint.map { "\nHint: \($0)" } ?? "")
    }
}
