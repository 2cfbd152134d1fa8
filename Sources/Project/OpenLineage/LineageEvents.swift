import Documents
import Orchestrate

/// The documents of OpenLineage about one run.
struct LineageEvents {
    let identity: LineageIdentity
    let run: ObservedRun
    let hidden: HiddenTexts

    private var runID: String { identity.id(of: run.record) }
    private var jobName: String { run.record.id.pipeline.rawValue }

    /// About the run as a whole.
    func run(_ type: String, at time: Timestamp, _ result: RunResult? = nil) -> JSON {
        var facets = nominalTime
        if let result, result.state == .failed {
            let failed = result.failedTasks.map { "\($0.id): \($0.failure?.message ?? $0.message ?? "failed")" }
            let message = result.reason ?? failed.first ?? "the run has failed"
            facets.append("errorMessage", LineageFacet.error(hidden.masked(message), details: failed.map { hidden.masked($0) }))
        }
        return document(type, time, runID: runID, facets, job: job(jobName, "DAG", run.definition.description), [], [])
    }

    /// About an attempt of a task.
    func attempt(
        _ type: String, _ key: AttemptKey, _ task: TaskDefinition, at time: Timestamp, _ failure: TaskFailure?,
        inputs: [LineageDataset], outputs: [LineageDataset]
    ) -> JSON {
        var facets = nominalTime
        facets.append("parent", LineageFacet.parent(run: runID, job: identity.job(jobName)))
        if let failure {
            facets.append(
                "errorMessage",
                LineageFacet.error(hidden.masked(failure.message), details: failure.details.map { hidden.masked($0) }))
        }
        return document(
            type, time, runID: identity.id(of: key, in: run.record), facets,
            job: job("\(jobName).\(task.id)", "TASK", task.description), inputs, outputs)
    }

    private var nominalTime: JSON.Members {
        guard let start = run.record.dataInterval?.start ?? run.record.logicalDate else { return JSON.Members() }
        return JSON.Members([
            ("nominalTime", LineageFacet.nominalTime(start: start.description, end: run.record.dataInterval?.end.description))
        ])
    }

    private func job(_ name: String, _ type: String, _ description: String?) -> JSON {
        var facets = JSON.Members([("jobType", LineageFacet.jobType(type))])
        if let description, !description.isEmpty { facets.append("documentation", LineageFacet.jobDocumentation(description)) }
        if let owner = run.definition.owner { facets.append("ownership", LineageFacet.ownership(owner)) }
        return ["namespace": .string(identity.namespace), "name": .string(name), "facets": .object(facets)]
    }

    private func document(
        _ type: String, _ time: Timestamp, runID: String, _ facets: JSON.Members, job: JSON, _ inputs: [LineageDataset],
        _ outputs: [LineageDataset]
    ) -> JSON {
        [
            "eventTime": .string(time.description), "producer": .string(LineageFacet.producer),
            "schemaURL": .string(LineageFacet.eventSchema), "eventType": .string(type),
            "run": ["runId": .string(runID), "facets": .object(facets)], "job": job,
            "inputs": .array(inputs.map { $0.json(isOutput: false) }), "outputs": .array(outputs.map { $0.json(isOutput: true) }),
        ]
    }
}
