import ArgumentParser
import Orchestrate
import Project

/// A command whose output a program may read.
protocol FormattedCommand {
    var logFormat: LogFormat { get }
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one pipeline here and now, with live progress; or show a run.",
        discussion: "`leat run PIPELINE` runs it, `leat run show RUN` shows a run.",
        subcommands: [RunPipeline.self, RunShow.self], defaultSubcommand: RunPipeline.self)
}

struct RunPipeline: AsyncParsableCommand, FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Run one pipeline here and now, with live progress.")

    @Argument(help: "Name of the pipeline.", completion: Completions.pipelines)
    var pipeline: String

    @Option(name: .long, help: "A note for people.")
    var note: String?

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: RunOutputOptions

    var logFormat: LogFormat { output.logFormat }

    mutating func run() async throws {
        let run = try await PipelineRun.prepare(pipeline: pipeline, of: try project.load())
        let request = RunRequest(parameters: try parameters.object(for: run.pipeline), note: note)
        try await output.show(run, request)
    }
}

extension LogFormat: ExpressibleByArgument {}

/// How a run is shown, and what its end makes of the exit code.
struct RunOutputOptions: ParsableArguments {
    @Option(name: .long, help: "text: a live tree on a terminal, lines elsewhere. json: one object a line.")
    var logFormat: LogFormat = .text

    /// Runs and shows `run`.
    /// - Throws: `ExitCode` 1 where something failed, 130 where the user stopped it.
    func show(_ run: PipelineRun, _ request: RunRequest = RunRequest()) async throws {
        let reporter = logFormat.reporter(for: run.pipeline)
        let result = try await run.start(request: request) { problem in
            Output.write("Warning: \(problem.description)", to: .standardError)
        } events: {
            reporter.handle($0)
        }
        reporter.finish(result)
        if result.state == .cancelled, Interruption.happened { throw ExitCode(Interruption.exitStatus) }
        if result.hasFailures { throw ExitCode.failure }
    }
}
