import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Look at one pipeline.", subcommands: [PipelineShow.self])
}

struct PipelineShow: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a pipeline's settings and the graph of its tasks.")

    @Argument(help: "Name of the pipeline.", completion: Completions.pipelines)
    var pipeline: String

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let scheduled = try control.pipeline(pipeline)
        let id = scheduled.definition.id
        let graph = try await control.graph(of: id)
        let isPaused = try await control.store.isPaused(id) ?? scheduled.startsPaused
        let last = try await control.store.lastIntervals()[id]
        let next = isPaused ? nil : control.nextRun(of: scheduled, last: last, at: .now)
        options.show(
            PipelinePicture.json(graph, isPaused: isPaused, next: next),
            PipelinePicture.text(graph, isPaused: isPaused, next: next))
    }
}
