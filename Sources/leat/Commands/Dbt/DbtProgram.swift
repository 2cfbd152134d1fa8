import Diagnostics
import Documents
import Foundation
import Transform

/// dbt's command line from its words to its exit code.
enum DbtProgram {
    /// 0 all well, 1 something in the project failed, 2 no results for an error, 130 stopped by Ctrl-C.
    static func run(_ words: [String]) async -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let arguments: DbtArguments
        do {
            arguments = try DbtArgumentsParser.parse(words, environment: environment)
        } catch {
            Output.write(error.description, to: .standardError)
            return 2
        }
        if arguments.flag("version") {
            Output.write(versionText)
            return 0
        }
        guard let command = arguments.command, !arguments.flag("help") else {
            Output.write(DbtHelp.text(for: arguments.command))
            return arguments.flag("help") ? 0 : 2
        }
        return await run(command, arguments, environment)
    }

    private static func run(
        _ command: DbtCommand, _ arguments: DbtArguments, _ environment: [String: String]
    ) async -> Int32 {
        let invocation = DbtInvocation(command, arguments, environment: environment)
        let start = DateTimeStamp.now()
        var status: Int32
        do {
            status = try await execute(command, invocation) ? 0 : 1
        } catch let error as DbtUsageError {
            Output.write(error.description, to: .standardError)
            return 2
        } catch {
            report(error, to: invocation.log)
            status = 2
        }
        invocation.summarizeDeprecations()
        if Interruption.happened { status = Interruption.exitStatus }
        reportEnd(of: command, isSuccess: status == 0, since: start, to: invocation)
        invocation.log.flush()
        return status
    }

    /// How the command ended, and what it took.
    private static func reportEnd(
        of command: DbtCommand, isSuccess: Bool, since start: DateTimeStamp, to invocation: DbtInvocation
    ) {
        let now = DateTimeStamp.now()
        let elapsed = now.secondsSince1970 - start.secondsSince1970
        let name = command.rawValue
        let usage = ResourceUsage.current()
        let outcome = isSuccess ? "succeeded" : "failed"
        invocation.write(
            "ResourceReport", "Z051", .debug, "Resource report",
            [
                ("command_name", .string(name)), ("command_success", .bool(isSuccess)),
                ("command_wall_clock_time", .double(elapsed)), ("process_user_time", .double(usage.userSeconds)),
                ("process_kernel_time", .double(usage.systemSeconds)),
                ("process_mem_max_rss", .string(String(usage.peakKibibytes))),
                ("process_in_blocks", .string(String(usage.blocksRead))),
                ("process_out_blocks", .string(String(usage.blocksWritten))),
            ])
        invocation.write(
            "CommandCompleted", "Q039", .debug,
            "Command `dbt \(name)` \(outcome) after \(String(format: "%.2f", elapsed)) seconds",
            [
                ("command", .string("dbt " + name)), ("success", .bool(isSuccess)),
                ("completed_at", .string(now.artifactText)), ("elapsed", .double(elapsed)),
            ])
    }

    private static func execute(_ command: DbtCommand, _ invocation: DbtInvocation) async throws -> Bool {
        switch command {
        case .build: try await DbtRun(invocation).run(.build)
        case .run: try await DbtRun(invocation).run(.run)
        case .test: try await DbtRun(invocation).run(.test)
        case .seed: try await DbtRun(invocation).run(.seed)
        case .snapshot: try await DbtRun(invocation).run(.snapshot)
        case .clone: try await DbtRun(invocation).run(.clone)
        case .compile: try await DbtCompile(invocation).run()
        case .show: try await DbtShow(invocation).run()
        case .list: try await DbtList(invocation).run()
        case .parse: try await DbtParse(invocation).run()
        case .runOperation: try await DbtRunOperation(invocation).run()
        case .docsGenerate: try await DbtDocs(invocation).generate()
        case .sourceFreshness: try await DbtFreshness(invocation).run()
        case .clean: try DbtClean(invocation).run()
        case .debug: try await DbtDebug(invocation).run()
        case .deps: try await DbtDeps(invocation).run()
        case .docsServe: try await DbtDocs(invocation).serve()
        case .`init`: try DbtInit(invocation).run()
        case .retry: try await DbtRetry(invocation).run()
        }
    }

    /// Says what kept a command from giving results.
    private static func report(_ error: any Error, to log: DbtLog) {
        let text: String
        if let error = error as? TransformError {
            text = "\(error.dbtTitle)\n\(error.indentedText)"
        } else if let error = error as? any UserFacingError {
            let shown = TransformError(wrapping: error)
            text = "\(shown.dbtTitle)\n\(shown.indentedText)"
        } else if error is CancellationError {
            text = "Runtime Error\n  cancelled"
        } else {
            text = "Runtime Error\n  \(error)"
        }
        log.write(
            DbtEvent("MainEncounteredError", "Z002", .error, "Encountered an error:\n\(text)", [("exc", .string(text))]))
    }

    static let versionText = """
        Core:
          - installed: \(Invocation.dbtVersion)
          - latest:    \(Invocation.dbtVersion) - Up to date!

        Plugins:
          - postgres: \(Invocation.adapterVersion) - Up to date!

        Leat: \(Version.text)
        """
}
