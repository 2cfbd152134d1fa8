import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct Runs: ControlCommand {
    static let configuration = CommandConfiguration(abstract: "List runs, the newest first.")

    @Argument(help: "Only those of this pipeline.", completion: Completions.pipelines)
    var pipeline: String?

    @Option(name: .long, help: "Only runs in this state: queued, running, success, failed or cancelled. May be given again.")
    var state: [RunState] = []

    @Option(name: .long, help: "How many to show.")
    var limit: Int = 20

    @OptionGroup var options: ControlOptions

    mutating func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    mutating func run() async throws {
        let control = try options.open()
        let id = try pipeline.map { try control.pipeline($0).definition.id }
        let runs = try await control.store.runs(of: id, states: state.isEmpty ? nil : Set(state), limit: limit)
        let rows = runs.map { run -> [String?] in
            let end = run.finishedAt ?? (run.startedAt == nil ? nil : Timestamp.now)
            let duration = run.startedAt.flatMap { start in end.map { Figures.time($0 - start) } }
            return [
                run.id.description, run.state.rawValue + (run.lateAt == nil ? "" : ", late"),
                (run.startedAt ?? run.queuedAt).minuteText, duration, run.note ?? run.reason,
            ]
        }
        let table = TextTable(columns: ["run", "state", "began", "took", "note"], rows: rows, maximumWidth: 70)
        let text = rows.isEmpty ? "no runs" : table.lines().joined(separator: "\n")
        options.show(.array(runs.map(\.json)), text)
    }
}

extension RunState: ExpressibleByArgument {}
