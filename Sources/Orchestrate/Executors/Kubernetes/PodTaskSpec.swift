package import Documents

/// All that a pod needs to know to do the work of one attempt, without the store.
package struct PodTaskSpec: Sendable, Hashable {
    package let run: RunContext
    package let task: TaskID
    package let group: GroupID?
    package let kind: String
    /// As in the task's definition.
    package let work: JSON
    package let number: Int
    /// What earlier tasks have put out.
    package let outputs: [TaskID: JSON]
    /// What else the task needs of the store, in the form of who runs it.
    package let handed: JSON

    /// The variable of the environment that holds it.
    package static let variable = "LEAT_TASK_SPEC"

    /// - Parameters:
    ///   - tasks: whose outputs the task may read.
    ///   - handed: what else it needs of the store.
    package init(_ attempt: TaskAttempt, tasks: some Sequence<TaskID>, handed: JSON = .null) {
        self.handed = handed
        run = attempt.run
        task = attempt.task.id
        group = attempt.task.group
        kind = attempt.task.kind
        work = attempt.task.work
        number = attempt.number
        var outputs: [TaskID: JSON] = [:]
        for task in tasks { outputs[task] = attempt.outputs[task] }
        self.outputs = outputs
    }

    package var json: JSON {
        var context = JSON.Members([
            ("pipeline", .string(run.id.pipeline.rawValue)), ("name", .string(run.id.name)), ("kind", .string(run.kind.rawValue)),
            ("started_at", .int(Int(run.startedAt.microseconds))), ("parameters", run.parameters),
        ])
        if let date = run.logicalDate { context.append("logical_date", .int(Int(date.microseconds))) }
        if let interval = run.dataInterval {
            context.append("interval", [.int(Int(interval.start.microseconds)), .int(Int(interval.end.microseconds))])
        }
        return [
            "version": 1, "run": .object(context), "task": .string(task.rawValue), "number": .int(number),
            "group": group.map { .string($0.rawValue) } ?? .null, "kind": .string(kind), "work": work,
            "outputs": .object(JSON.Members(outputs.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value) })),
            "handed": handed,
        ]
    }

    /// The attempt, for an executor.
    package var attempt: TaskAttempt {
        TaskAttempt(
            run: run, task: TaskDefinition(id: task, group: group, kind: kind, work: work), number: number,
            outputs: TaskOutputs(outputs))
    }

    /// - Throws: `TaskFailure` for a text that no scheduler of this version has written.
    package init(parsing text: String) throws {
        guard let json = try? JSON(parsing: text), json["version"]?.int == 1, let context = json["run"],
            let pipeline = context["pipeline"]?.string, let name = context["name"]?.string,
            let runKind = context["kind"]?.string.flatMap(RunKind.init(rawValue:)), let started = context["started_at"]?.int,
            let task = json["task"]?.string, let number = json["number"]?.int
        else {
            throw TaskFailure(
                "this is not the specification of a task", code: "kubernetes.bad_spec",
                hint: "the image and the scheduler must have the same version of Leat", isRetryable: false)
        }
        func moment(_ value: JSON?) -> Timestamp? { value?.int.map { Timestamp(microseconds: Int64($0)) } }
        var request = RunRequest(kind: runKind, name: name, parameters: context["parameters"] ?? .null)
        request.logicalDate = moment(context["logical_date"])
        if let start = moment(context["interval"]?[0]), let end = moment(context["interval"]?[1]) {
            request.dataInterval = DataInterval(start: start, end: end)
        }
        run = RunContext(
            id: RunID(pipeline: PipelineID(pipeline), name: name), request: request,
            startedAt: Timestamp(microseconds: Int64(started)))
        self.task = TaskID(task)
        self.number = number
        group = json["group"]?.string.map { GroupID($0) }
        self.kind = json["kind"]?.string ?? "task"
        work = json["work"] ?? .null
        handed = json["handed"] ?? .null
        var outputs: [TaskID: JSON] = [:]
        for entry in json["outputs"]?.object?.entries ?? [] { outputs[TaskID(entry.key)] = entry.value }
        self.outputs = outputs
    }
}
