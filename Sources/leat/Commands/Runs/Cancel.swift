import ArgumentParser
import Documents
import Orchestrate
import Project

struct Cancel: ControlCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a run: what is under way is cancelled, the rest is skipped.")

    @Argument(help: RunReference.help, completion: Completions.runs)
    var run: String

    @Option(name: .long, help: "Why, for people.")
    var reason: String?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        let record = try await control.run(run)
        let isOpen = try await control.control.cancel(record.id, reason: reason)
        options.show(
            ["run": .string(record.id.description), "cancelled": .bool(isOpen)],
            isOpen ? "\(record.id) is being cancelled" : "\(record.id) is over already: \(record.state.rawValue)")
    }
}
