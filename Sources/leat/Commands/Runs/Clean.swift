import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

struct Clean: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove old runs with their logs.",
        discussion: """
            Runs under way stay, the newest of each pipeline, and the last one that its schedule has brought about, for the next one \
            follows from it. Logs that no run has any more go too.
            """)

    @Argument(help: "Names of pipelines; all by default.", completion: Completions.pipelines)
    var pipelines: [String] = []

    @Option(name: .long, help: "How long runs are kept after their end, such as 30d or 12h.")
    var keep: String

    @Option(name: .long, help: "How many of the newest runs of each pipeline are kept however old they are.")
    var keepNewest = 1

    @Flag(name: .long, help: "Only say what would be removed.")
    var dryRun = false

    @OptionGroup var options: ControlOptions

    mutating func validate() throws {
        if keepNewest < 0 { throw ValidationError("--keep-newest must be at least 0.") }
    }

    mutating func run() async throws {
        let control = try options.open()
        let moment = Timestamp.now - (try Duration(parsing: keep))
        // All names are looked at before anything is removed.
        let ids = try pipelines.map { try control.pipeline($0).definition.id }
        var result = CleanResult(runs: [], logBytes: 0)
        for id in ids.isEmpty ? [nil] : ids.map(Optional.some) {
            let request = CleanRequest(pipeline: id, finishedBefore: moment, keepingNewest: keepNewest)
            let part = try await control.control.clean(
                request, logDirectory: ProjectStore.logs(of: control.project), isDryRun: dryRun)
            result.runs += part.runs
            result.logBytes += part.logBytes
        }
        options.show(json(of: result), text(of: result))
    }

    private func json(of result: CleanResult) -> JSON {
        [
            "dry_run": .bool(dryRun), "count": .int(result.runs.count), "log_bytes": .int(result.logBytes),
            "runs": .array(result.runs.map { .string($0.description) }),
        ]
    }

    private func text(of result: CleanResult) -> String {
        let names = dryRun ? result.runs.map(\.description) : []
        let summary =
            "\(Figures.counted(result.runs.count, "run")) \(dryRun ? "would be" : "") removed, with "
            + "\(Figures.bytes(result.logBytes)) of logs"
        return (names + [summary.replacing("  ", with: " ")]).joined(separator: "\n")
    }
}
