import ArgumentParser
import Foundation
import Transform

struct Dbt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "dbt's command line.",
        discussion: "Also under the name dbt: make a symbolic link to leat.",
        subcommands: [Build.self, RunModels.self, Test.self, Seed.self, Snapshot.self, Compile.self, List.self])

    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run seeds, snapshots, models and their tests, in order.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.build) }
    }

    struct RunModels: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "run", abstract: "Run models.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.run) }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run tests.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.test) }
    }

    struct Seed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Load seeds.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.seed) }
    }

    struct Snapshot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Run snapshots.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.snapshot) }
    }

    struct Compile: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write the SQL of models and tests to target/compiled.")
        @OptionGroup var options: DbtOptions
        mutating func run() async throws { try await options.run(.compile) }
    }
}

extension DbtOptions {
    /// Runs a command of dbt's from beginning to end.
    /// - Throws: `ExitCode` 1 where a node failed, 130 where the user stopped it.
    func run(_ command: Command) async throws {
        let session = try await TransformSession.load(try invocation(command.rawValue))
        let plan = try session.plan(command)
        let reporter = reporter(for: session)
        reporter.begin(plan, threads: session.threads, target: session.targetName)
        for criterion in try session.idleSelections() {
            reporter.handle(
                .log(LogMessage(.warn, "The selection criterion '\(criterion)' does not match any enabled nodes")))
        }
        let results = try await session.execute(plan) { reporter.handle($0) }
        reporter.finish(results, plan: plan)
        if Interruption.happened { throw ExitCode(Interruption.exitStatus) }
        if !results.isSuccess { throw ExitCode.failure }
    }

    private func reporter(for session: TransformSession) -> any DbtReporter {
        switch logFormat {
        case .text:
            DbtLineReporter(
                manifest: session.manifest, pathPrefix: Self.prefix(of: session.options.projectDirectory), isQuiet: quiet)
        case .json: DbtJSONReporter(manifest: session.manifest)
        }
    }

    /// The way from here to the dbt project, as a prefix for its paths.
    private static func prefix(of folder: String) -> String {
        let here = URL(filePath: FileManager.default.currentDirectoryPath).standardizedFileURL.path
        let project = URL(filePath: folder).standardizedFileURL.path
        if project == here { return "" }
        return project.hasPrefix(here + "/") ? project.dropFirst(here.count + 1) + "/" : project + "/"
    }
}
