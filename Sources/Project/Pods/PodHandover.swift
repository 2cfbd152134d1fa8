import Documents
import Foundation
import Orchestrate

/// What a pod is given of that which only the scheduler's machine keeps: definitions that were made while Leat runs, values of the
/// store, and what templates can ask of earlier runs. It travels in the pod's secret.
struct PodHandover: Sendable {
    /// Those that the task needs.
    var definitions: [Definition] = []
    /// Those whose names stand in leat.yml, or in the task's file of SQL.
    var values: StoredValues
    var previousSuccess: RunRecord?
    var dataEvents: [DataEvent] = []
    /// The variables of the environment whose values no log may show, beside those whose names say so.
    var hiddenVariables: [String] = []

    /// What a task needs.
    /// - Parameter kind: what leat.yml says of the task, where it is described by itself.
    /// - Throws: where a definition or a value cannot be decrypted.
    static func json(
        for attempt: TaskAttempt, _ kind: TaskEntry.Kind?, of project: LeatProject, store: any ProjectStoring
    ) async throws -> JSON {
        var members = JSON.Members()
        let definitions = try neededDefinitions(for: attempt, kind, of: project)
        if !definitions.isEmpty { members.append("definitions", .array(definitions.map(\.handedJSON))) }
        let texts = try namingTexts(kind, of: project)
        let stored = try await ProjectVault.open(project, store: store, author: .scheduler).values()
        members.append(
            "values", try stored.handed { name in texts.map { texts in texts.contains { $0.contains(name) } } ?? true })
        let templates = (kind?.templates ?? []).map { $0.0.text } + (texts ?? []).dropFirst()
        if templates.contains(where: { $0.contains("prev_") }), let date = attempt.run.logicalDate,
            let run = try await store.lastRun(of: attempt.run.id.pipeline, before: date, states: [.success])
        {
            members.append("previous", run.handedJSON)
        }
        if templates.contains(where: { $0.contains("triggering_") }) {
            members.append("events", .array(try await store.dataEvents(of: attempt.run.id).map(\.handedJSON)))
        }
        return .object(members)
    }

    /// The same with the names of variables that are secret.
    static func json(_ handed: JSON, hiding names: [String]) -> JSON {
        guard !names.isEmpty, var members = handed.object else { return handed }
        members.append("hidden", .array(names.map(JSON.string)))
        return .object(members)
    }

    private static func neededDefinitions(
        for attempt: TaskAttempt, _ kind: TaskEntry.Kind?, of project: LeatProject
    ) throws -> [Definition] {
        var needed: Set<String> = []
        switch TaskWork(json: attempt.task.work) {
        case .sync(let name):
            let connection = try project.connection(name)
            needed = ["connection.\(name)", "source.\(connection.source)", "destination.\(connection.destination)"]
        case .entry:
            guard case .sql(let task) = kind else { return [] }
            // Without a name it is the only destination, whichever that is.
            let names = task.on.map { [$0] } ?? (project.sources + project.destinations).map(\.name)
            needed = Set(names.flatMap { ["source.\($0)", "destination.\($0)"] })
        case .dbt, .dbtClosing, .empty, nil: return []
        }
        let isMade =
            (project.sources + project.destinations).contains { !$0.origin.isFile }
            || project.connections.contains { !$0.origin.isFile }
        guard isMade else { return [] }
        let definitions = try project.definitionStore.all().filter { needed.contains("\($0.kind.rawValue).\($0.name)") }
        for definition in definitions {
            if let reason = definition.lockedReason { throw ProjectError(.definitionsUnreadable, reason) }
        }
        return definitions
    }

    /// The texts that name what the task asks for, leat.yml first: a pod reads all of it. Nil where the names cannot be known.
    private static func namingTexts(_ kind: TaskEntry.Kind?, of project: LeatProject) throws -> [String]? {
        let texts = [try String(contentsOfFile: project.directory + "/" + LeatProject.fileName, encoding: .utf8)]
        guard case .sql(let task) = kind, let file = task.file else { return texts }
        guard !file.text.contains("{"), let sql = try? String(contentsOfFile: project.path(file.text), encoding: .utf8) else {
            return nil
        }
        return texts + [sql]
    }

    // MARK: In the pod

    /// - Throws: `TaskFailure` for what no scheduler of this version has written.
    init(json: JSON) throws {
        values = try StoredValues(handed: json["values"] ?? .null)
        hiddenVariables = json["hidden"]?.array?.compactMap(\.string) ?? []
        definitions = try (json["definitions"]?.array ?? []).map { entry in
            guard let definition = Definition(handed: entry) else { throw Self.unreadable }
            return definition
        }
        if let run = json["previous"] {
            guard let record = RunRecord(handed: run) else { throw Self.unreadable }
            previousSuccess = record
        }
        dataEvents = try (json["events"]?.array ?? []).map { entry in
            guard let event = DataEvent(handed: entry) else { throw Self.unreadable }
            return event
        }
    }

    private static let unreadable = TaskFailure(
        "what the scheduler has handed over cannot be read", code: "kubernetes.bad_spec",
        hint: "the image and the scheduler must have the same version of Leat", isRetryable: false)
}

extension Definition {
    fileprivate var handedJSON: JSON {
        ["kind": .string(kind.rawValue), "id": .string(id.text), "name": .string(name), "content": content]
    }

    fileprivate init?(handed json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let id = json["id"]?.string.flatMap(UUID.init(uuidString:)), let name = json["name"]?.string,
            let content = json["content"]
        else { return nil }
        self.init(kind: kind, id: id, name: name, content: content, author: "")
    }
}

private func moment(_ value: JSON?) -> Timestamp? { value?.int.map { Timestamp(microseconds: Int64($0)) } }
private func json(_ moment: Timestamp?) -> JSON { moment.map { .int(Int($0.microseconds)) } ?? .null }

extension RunRecord {
    fileprivate var handedJSON: JSON {
        [
            "pipeline": .string(id.pipeline.rawValue), "name": .string(id.name), "kind": .string(kind.rawValue),
            "logical_date": json(logicalDate), "interval": [json(dataInterval?.start), json(dataInterval?.end)],
            "queued_at": json(queuedAt), "started_at": json(startedAt), "finished_at": json(finishedAt),
        ]
    }

    fileprivate init?(handed json: JSON) {
        guard let pipeline = json["pipeline"]?.string, let name = json["name"]?.string,
            let kind = json["kind"]?.string.flatMap(RunKind.init(rawValue:)), let queued = moment(json["queued_at"])
        else { return nil }
        var request = RunRequest(kind: kind, name: name)
        request.logicalDate = moment(json["logical_date"])
        if let start = moment(json["interval"]?[0]), let end = moment(json["interval"]?[1]) {
            request.dataInterval = DataInterval(start: start, end: end)
        }
        self.init(id: RunID(pipeline: PipelineID(pipeline), name: name), request: request, state: .success, queuedAt: queued)
        startedAt = moment(json["started_at"])
        finishedAt = moment(json["finished_at"])
    }
}

extension DataEvent {
    fileprivate var handedJSON: JSON {
        [
            "at": json(at), "kind": .string(reference.kind.rawValue), "name": .string(reference.name),
            "pipeline": run.map { .string($0.pipeline.rawValue) } ?? .null, "run": run.map { .string($0.name) } ?? .null,
            "task": task.map { .string($0.rawValue) } ?? .null, "details": details,
        ]
    }

    fileprivate init?(handed json: JSON) {
        guard let at = moment(json["at"]), let name = json["name"]?.string,
            let kind = json["kind"]?.string.flatMap(DataReference.Kind.init(rawValue:))
        else { return nil }
        var run: RunID?
        if let pipeline = json["pipeline"]?.string, let name = json["run"]?.string {
            run = RunID(pipeline: PipelineID(pipeline), name: name)
        }
        self.init(
            at: at, DataReference(kind, name), run: run, task: json["task"]?.string.map { TaskID($0) },
            details: json["details"] ?? .null)
    }
}
