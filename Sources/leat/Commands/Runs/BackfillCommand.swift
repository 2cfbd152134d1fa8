import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct BackfillCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill", abstract: "Ask for runs of all intervals of a pipeline's schedule in a span of time.",
        discussion: """
            missing: intervals that have no run yet. failed: also the failed tasks of those that failed. all: also those that succeeded, \\
            whole. What people trigger and what is due goes first.
            """)

    @Argument(help: "Name of the pipeline.", completion: Completions.pipelines)
    var pipeline: String

    @Option(name: .long, help: "Intervals that begin from here on, such as 2026-01-01.")
    var from: String

    @Option(name: .long, help: "The last beginning of an interval. A date is meant to its end.")
    var to: String

    @Option(name: .long, help: "missing, failed or all.")
    var reprocess: BackfillRequest.Reprocess = .missing

    @Flag(name: .long, help: "Begin with the latest interval.")
    var backward = false

    @Option(name: .long, help: "How many of its runs may be under way at once; by default as many as the pipeline may have.")
    var maxActiveRuns: Int?

    @Flag(name: .long, help: "Only say which runs would begin.")
    var dryRun = false

    @Option(name: .long, help: "A note for people.")
    var note: String?

    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var options: ControlOptions

    mutating func validate() throws {
        if let maxActiveRuns, maxActiveRuns < 1 { throw ValidationError("--max-active-runs must be at least 1.") }
    }

    mutating func run() async throws {
        let control = try options.open()
        let definition = try control.pipeline(pipeline).definition
        let zone = definition.schedule.timeZone
        var end = try Timestamp(parsing: to, in: zone)
        // A day has an end, a moment is one.
        if to.utf8.count == 10 { end = end + .seconds(86_399) }
        let plan = try await control.control.plan(
            BackfillRequest(
                from: try Timestamp(parsing: from, in: zone), to: end, reprocess: reprocess, isBackward: backward,
                maxActiveRuns: maxActiveRuns, parameters: try parameters.object(for: definition), note: note), of: definition)
        if !dryRun, plan.count > 0 { try await control.control.start(plan) }
        options.show(json(of: plan), text(of: plan))
        if !dryRun, plan.count > 0 { options.warnWithoutScheduler(control, "they begin") }
    }

    private func json(of plan: BackfillPlan) -> JSON {
        [
            "backfill": .string(plan.name), "dry_run": .bool(dryRun), "count": .int(plan.count),
            "runs": .array(
                plan.runs.map { run in
                    [
                        "run": .string(run.id.description), "data_interval_start": .string(run.interval.start.description),
                        "data_interval_end": .string(run.interval.end.description), "action": .string(run.action.rawValue),
                        "state": run.state.map { .string($0.rawValue) } ?? .null,
                    ]
                }),
        ]
    }

    private func text(of plan: BackfillPlan) -> String {
        let words: [BackfillPlan.Action: String] = [
            .create: "new", .repeatFailed: "what failed runs again", .repeatAll: "runs again", .none: "stays as it is",
        ]
        let rows = plan.runs.map { run -> [String?] in
            [
                "\(run.interval.start)", "\(run.interval.end)", run.state?.rawValue, words[run.action] ?? "",
            ]
        }
        let table = TextTable(columns: ["from", "to", "state", "backfill"], rows: rows)
        let summary = "\(Figures.counted(plan.count, "run")) \(dryRun ? "would begin" : "asked for")"
        return (table.lines() + [summary]).joined(separator: "\n")
    }
}

extension BackfillRequest.Reprocess: ExpressibleByArgument {}
