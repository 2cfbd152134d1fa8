import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct Trigger: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the scheduler for a run of a pipeline.",
        discussion:
            "Without a scheduler the run waits for the next `leat serve`. `leat run` runs a pipeline here and now instead.")

    @Argument(help: "Name of the pipeline.", completion: Completions.pipelines)
    var pipeline: String

    @OptionGroup var parameters: ParameterOptions

    @Option(name: .long, help: "A note for people.")
    var note: String?

    @Option(name: .long, help: "The run's name; by default made from the time.")
    var runId: String?

    @Option(name: .long, help: "The time that the run stands for, such as 2026-01-31.")
    var logicalDate: String?

    @Flag(name: .long, help: "Unpause the pipeline, if it is paused.")
    var unpause = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let scheduled = try control.pipeline(pipeline)
        let definition = scheduled.definition
        var request = RunRequest(name: runId, parameters: try parameters.object(for: definition), note: note)
        request.logicalDate = try logicalDate.map { try Timestamp(parsing: $0, in: definition.schedule.timeZone) }
        if let date = request.logicalDate { request.dataInterval = definition.schedule.interval(containing: date) }
        if unpause { try await control.control.setPaused(false, of: definition.id) }
        let record = try await control.control.trigger(definition, request)
        if waiting.wait {
            try await waiting.follow(record.id, control, options)
            return
        }
        options.show(record.json, "\(record.id) is queued")
        options.warnWithoutScheduler(control, "the run begins")
        if control.control.hasScheduler, try await control.store.isPaused(definition.id) ?? scheduled.startsPaused {
            Output.write("The pipeline is paused: `leat unpause \(definition.id)` lets the run begin.", to: .standardError)
        }
    }
}

/// Parameters of a run.
struct ParameterOptions: ParsableArguments {
    @Option(name: [.customLong("param"), .short], help: "A parameter, NAME=VALUE; the value may be JSON. May be given again.")
    var param: [String] = []

    @Option(name: [.customLong("params"), .customLong("conf")], help: "All parameters as one JSON object.")
    var params: String?

    /// - Parameter pipeline: it says which values are texts, whatever they look like.
    func object(for pipeline: PipelineDefinition) throws -> JSON {
        var members = JSON.Members()
        if let params {
            guard let object = (try? JSON(parsing: params))?.object else {
                throw ValidationError("--params takes a JSON object such as '{\"day\": \"2026-01-31\"}'.")
            }
            members = object
        }
        for pair in param {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValidationError("--param takes NAME=VALUE, not '\(pair)'.")
            }
            let text = String(parts[1])
            let types = pipeline.parameters.first { $0.name == parts[0] }?.schema.typeNames ?? []
            let isText = types == ["string"]
            members[String(parts[0])] = isText ? .string(text) : (try? JSON(parsing: text)) ?? .string(text)
        }
        return .object(members)
    }
}

/// Waiting for the end of a run.
struct WaitOptions: ParsableArguments {
    @Flag(name: .long, help: "Wait for the run's end; the exit code is 0 where all went well, else 1.")
    var wait = false

    /// - Throws: `ExitCode` 1 where something failed.
    func follow(_ id: RunID, _ control: ProjectControl, _ options: ControlOptions) async throws {
        options.warnWithoutScheduler(control, "the run begins")
        while true {
            guard let run = try await control.store.run(id) else { throw OrchestrateError.unknown(id) }
            if run.state.isFinished {
                let tasks = try await control.store.tasks(of: id).map(\.result)
                let result = RunResult(
                    id: id, state: run.state, reason: run.reason, startedAt: run.startedAt ?? run.queuedAt,
                    finishedAt: run.finishedAt ?? .now, tasks: tasks)
                options.show(run.json, RunSummary(result, style: Style(for: .standardOutput)).text)
                if result.hasFailures { throw ExitCode.failure }
                return
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
