import Foundation
import Transform

/// `retry`: runs again what did not succeed in the run before, with that run's options.
struct DbtRetry {
    private let invocation: DbtInvocation

    init(_ invocation: DbtInvocation) { self.invocation = invocation }

    /// What the other run said of these does not count: they are about where things are, and which run is meant.
    private static let ownKeys: Set<String> = [
        "state", "defer_state", "log_path", "profiles_dir", "project_dir", "target_path", "warn_error",
    ]

    func run() async throws -> Bool {
        let previous = try PreviousRun.read(from: invocation.options)
        guard let command = DbtCommand(which: previous.command), let plan = Command(rawValue: command.rawValue) else {
            throw TransformError(
                .selector, "the last command was '\(previous.command)', which cannot be retried",
                hint: "build, run, test, seed, snapshot, clone and compile can")
        }
        // What this command line says comes after what the other said.
        var arguments = invocation.arguments
        let earlier = DbtArguments.values(of: command.options, in: previous.arguments).filter { !Self.ownKeys.contains($0.key) }
        arguments.given = earlier.merging(arguments.given) { _, newer in newer }
        let again = DbtInvocation(
            command, arguments, environment: invocation.options.environment, log: invocation.log
        ) { $0.previousBatches = previous.batches }
        let (session, reporter) = try await again.load()
        let plans = try session.plan(plan, only: previous.unfinished)
        return try await DbtRun(again).run(session, reporter, plans)
    }
}

extension DbtCommand {
    /// The command that artifacts call so.
    fileprivate init?(which: String) {
        guard let command = Self.allCases.first(where: { $0.which == which }) else { return nil }
        self = command
    }
}
