import Diagnostics
import Documents
import Foundation
import Orchestrate
import Serve

/// What a scheduler does, a line for each thing that happens.
struct SchedulerReporter: Sendable {
    let format: LogFormat
    private let json = JSONRunReporter()

    init(format: LogFormat) { self.format = format }

    /// The pages answer from now on.
    func listening(at address: String) {
        switch format {
        case .json:
            let object: JSON = ["time": .string(Timestamp.now.description), "event": "listening", "url": .string(address)]
            Output.write(object.text())
        case .text: Output.write("\(Timestamp.now.clockTime)  the pages are at \(address)")
        }
    }

    /// Another server leads; this one waits.
    func standingBy(for holder: String) {
        switch format {
        case .json:
            let object: JSON = ["time": .string(Timestamp.now.description), "event": "standby", "leader": .string(holder)]
            Output.write(object.text())
        case .text: Output.write("\(Timestamp.now.clockTime)  stands by: \(holder) leads")
        }
    }

    /// A request to the pages or the APIs was answered.
    func handle(_ request: RequestEntry) {
        switch format {
        case .json: Output.write(request.json.text())
        case .text: Output.write("\(request.time.clockTime)  \(request.text)")
        }
    }

    func handle(_ event: SchedulerEvent) {
        switch format {
        case .json: showJSON(event)
        case .text:
            guard let text = text(of: event) else { return }
            Output.write("\(time(of: event).clockTime)  \(text)")
        }
    }

    private func time(of event: SchedulerEvent) -> Timestamp {
        if case .run(let event) = event { event.time } else { .now }
    }

    private func text(of event: SchedulerEvent) -> String? {
        switch event {
        case .started(let pipelines, let resumed):
            "the scheduler looks after \(Figures.counted(pipelines, "pipeline"))"
                + (resumed > 0 ? ", and goes on with \(Figures.counted(resumed, "run"))" : "")
        case .pipelinesChanged(let count): "\(LeatFile.name) has changed: \(Figures.counted(count, "pipeline"))"
        case .pauseChanged(let id, let isPaused): "\(isPaused ? "paused  " : "unpaused") \(id)"
        case .runQueued(let run): "queued   \(run)"
        case .runSuspended(let run): "put down \(run): the next scheduler goes on with it"
        case .problem(let error): "Error: \(error.description)"
        case .stopped: "the scheduler has stopped"
        case .run(let event): text(of: event)
        }
    }

    private func text(of event: RunEvent) -> String? {
        switch event.kind {
        case .runStarted: "run      \(event.run)"
        case .taskRetrying(let key, let failure, _): "retry    \(event.run) \(key.task)  \(failure.message)"
        case .taskFinished(let task) where task.state == .failed:
            "failed   \(event.run) \(task.id)  \(task.message ?? "")"
        case .taskLate(let task, let deadline): "late     \(event.run) \(task) was to be done by \(deadline)"
        case .runLate(let deadline): "late     \(event.run) was to be done by \(deadline)"
        case .runRecovered(let before): "well     \(event.run) after '\(before.name)' had failed"
        case .runFinished(let result):
            "\(result.state.rawValue.padding(toLength: 11, withPad: " ", startingAt: 0))\(event.run)  in \(Figures.time(result.duration))"
                + (result.reason.map { "  \($0)" } ?? "")
        default: nil
        }
    }

    private func showJSON(_ event: SchedulerEvent) {
        if case .run(let event) = event { return json.handle(event) }
        var object = JSON.Members([("time", .string(Timestamp.now.description))])
        switch event {
        case .started(let pipelines, let resumed):
            object["event"] = "scheduler_started"
            object["pipelines"] = .int(pipelines)
            object["resumed_runs"] = .int(resumed)
        case .pipelinesChanged(let count):
            object["event"] = "pipelines_changed"
            object["pipelines"] = .int(count)
        case .pauseChanged(let id, let isPaused):
            object["event"] = isPaused ? "pipeline_paused" : "pipeline_unpaused"
            object["pipeline"] = .string(id.rawValue)
        case .runQueued(let run):
            object["event"] = "run_queued"
            object["run"] = .string(run.description)
        case .runSuspended(let run):
            object["event"] = "run_suspended"
            object["run"] = .string(run.description)
        case .problem(let error):
            object["event"] = "problem"
            object["code"] = .string(error.code)
            object["message"] = .string(error.message)
        case .stopped: object["event"] = "scheduler_stopped"
        case .run: return
        }
        Output.write(JSON.object(object).text())
    }
}

/// The name of the project's file, as people know it.
private enum LeatFile {
    static let name = "leat.yml"
}
