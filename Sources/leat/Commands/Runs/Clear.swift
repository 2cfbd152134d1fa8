import ArgumentParser
import Documents
import Orchestrate
import Project

struct Clear: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let tasks of a run run again, with all their retries.",
        discussion: "Without --task all tasks are meant. --dry-run says first which tasks are touched.")

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @OptionGroup var selection: SelectionOptions

    @Flag(name: .long, help: "Only say which tasks would be cleared.")
    var dryRun = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await clear(run, selection.selection, dryRun: dryRun, options, verb: "cleared")
    }
}

struct Rerun: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run what failed in a run again, and what did not run because of it.",
        discussion: "It is `leat clear RUN --only-failed`.")

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @Flag(name: .long, help: "Only say which tasks would run again.")
    var dryRun = false

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await clear(run, TaskSelection(onlyFailed: true), dryRun: dryRun, options, verb: "run again")
    }
}

/// Which tasks somebody means.
struct SelectionOptions: ParsableArguments {
    @Option(name: [.long, .short], help: "A task, or a group for all that is in it. May be given again.")
    var task: [String] = []

    @Option(name: [.long, .short], help: "A group. May be given again.")
    var group: [String] = []

    @Flag(name: .long, help: "Also what comes before them.")
    var upstream = false

    @Flag(name: .long, help: "Also what comes after them.")
    var downstream = false

    @Flag(name: .long, help: "Also in runs with earlier logical dates.")
    var past = false

    @Flag(name: .long, help: "Also in runs with later logical dates.")
    var future = false

    @Flag(name: .long, help: "Only tasks that failed, or did not run because of others that failed.")
    var onlyFailed = false

    var selection: TaskSelection {
        TaskSelection(
            (task + group).map { TaskID($0) }, upstream: upstream, downstream: downstream, past: past, future: future,
            onlyFailed: onlyFailed)
    }
}

private func clear(
    _ run: String, _ selection: TaskSelection, dryRun: Bool, _ options: ControlOptions, verb: String
) async throws {
    let control = try options.open()
    let record = try await control.run(run)
    let graph = try await control.graph(of: record.id.pipeline)
    let affected = try await control.control.tasks(selection, of: record.id, in: graph).filter { !$0.tasks.isEmpty }
    if !dryRun { try await control.control.clear(affected) }
    let count = affected.reduce(0) { $0 + $1.tasks.count }
    let lines = affected.map { run in "\(run.run)\n" + run.tasks.map { "  \($0)" }.joined(separator: "\n") }
    let what = "\(Figures.counted(count, "task")) \(dryRun ? "would be" : count == 1 ? "is" : "are") \(verb)"
    options.show(
        [
            "dry_run": .bool(dryRun), "count": .int(count),
            "runs": .array(
                affected.map { run in
                    [
                        "run": .string(run.run.description), "tasks": .array(run.tasks.map { .string($0.rawValue) }),
                    ]
                }),
        ], count == 0 ? "nothing to do: no task is meant" : (lines + [what]).joined(separator: "\n"))
    if !dryRun, count > 0 { options.warnWithoutScheduler(control, "they run") }
}
