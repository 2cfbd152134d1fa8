import ArgumentParser
import Foundation
import Orchestrate
import Project
import Synchronization

/// What runs in pods. Not for people.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Do the work of one task in a pod.", shouldDisplay: false, subcommands: [TaskRun.self])
}

struct TaskRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Do the work of one attempt, and tell of it on standard output.")

    @Option(name: .long, help: "A file with the specification of the task, or 'env' for LEAT_TASK_SPEC.")
    var spec = "env"

    /// News come from several threads, and long lines are not written at once.
    private static let writing = Mutex(())

    mutating func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let result: PodResult
        do {
            let text = spec == "env" ? environment[PodTaskSpec.variable] ?? "" : try String(contentsOfFile: spec, encoding: .utf8)
            let folder = environment["LEAT_PROJECT_DIR"] ?? FileManager.default.currentDirectoryPath
            let task = try PodTask(try PodTaskSpec(parsing: text), of: folder, environment: environment)
            result = await task.run { report in
                switch report {
                case .log(let line): Self.write(.log(line))
                case .progress(let progress): Self.write(.progress(progress))
                case .began, .process: break
                }
            }
        } catch {
            result = PodResult(.failure(TaskFailure(error)))
        }
        Self.write(.result(result))
        // Where there is no such file the log has it.
        let path = environment["LEAT_TERMINATION_LOG"] ?? "/dev/termination-log"
        try? Data(result.terminationMessage.utf8).write(to: URL(filePath: path))
        if case .failure = result.result { throw ExitCode(Interruption.happened ? 143 : 1) }
    }

    private static func write(_ message: PodMessage) { writing.withLock { _ in Output.write(message.line) } }
}
