import ArgumentParser
import Documents
import Orchestrate
import Project

struct Mark: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say how tasks of a run ended, whatever really happened.",
        discussion: """
            What is under way is ended first. What did not run because of a task that is now marked as success runs. Without --task all \\
            tasks are meant.
            """)

    enum Verdict: String, CaseIterable, ExpressibleByArgument {
        case success, failed, skipped
    }

    @Argument(help: "success, failed or skipped.")
    var state: Verdict

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @OptionGroup var selection: SelectionOptions

    @Flag(name: .long, help: "Only say which tasks would be marked.")
    var dryRun = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let record = try await control.run(run)
        let graph = try await control.graph(of: record.id.pipeline)
        let affected = try await control.control.tasks(selection.selection, of: record.id, in: graph).filter { !$0.tasks.isEmpty }
        let taskState: TaskState =
            switch state {
            case .success: .success
            case .failed: .failed
            case .skipped: .skipped
            }
        if !dryRun {
            for run in affected { _ = try await control.control.mark(run.tasks, of: run.run, as: taskState) }
        }
        let lines = affected.map { run in "\(run.run)\n" + run.tasks.map { "  \($0)" }.joined(separator: "\n") }
        let count = affected.reduce(0) { $0 + $1.tasks.count }
        options.show(
            [
                "dry_run": .bool(dryRun), "state": .string(state.rawValue), "count": .int(count),
                "runs": .array(
                    affected.map { run in
                        [
                            "run": .string(run.run.description), "tasks": .array(run.tasks.map { .string($0.rawValue) }),
                        ]
                    }),
            ],
            (lines + ["\(Figures.counted(count, "task")) \(dryRun ? "would be" : "") marked as \(state.rawValue)"])
                .joined(separator: "\n").replacing("  marked", with: " marked"))
        if !dryRun, count > 0 { options.warnWithoutScheduler(control, "the run's own state follows") }
    }
}
