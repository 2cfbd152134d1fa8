import ArgumentParser
import Foundation
import Processes

/// The command line: argument parsing and printing, nothing else.
@main
struct Leat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "leat",
        abstract: "Moves data, transforms it and runs both on a schedule: a whole ELT platform in one program.",
        version: Version.text,
        subcommands: [
            Up.self, Down.self, Status.self, Connectors.self, Connector.self, Check.self, Discover.self, Plan.self, Sync.self,
            Verify.self, Export.self, Run.self, Serve.self, UserCommand.self, Pipelines.self, PipelineCommand.self, Validate.self,
            SchemaCommand.self,
            Runs.self, Logs.self, Trigger.self, Pause.self, Unpause.self, Cancel.self, Clear.self, Rerun.self, Mark.self,
            BackfillCommand.self, Clean.self, VariablesCommand.self, SecretsCommand.self, ConnCommand.self, AuditCommand.self,
            EventCommand.self, NotifyCommand.self, Pods.self, Image.self, TaskCommand.self, Dbt.self, Query.self,
            JinjaCommand.self,
        ])

    /// Runs what the arguments say and ends the process: 0 all well, 1 something in the user's project failed,
    /// 2 used wrongly, 130 stopped by Ctrl-C.
    static func main() async {
        StartupMemory.release()
        CleanEnvironment.apply()
        Interruption.install()
        let status = await Interruption.run { await execute(arguments()) }
        Foundation.exit(status)
    }

    /// The arguments without the program's name. Called as `dbt` (a symbolic link), it is the dbt command line.
    private static func arguments() -> [String] {
        let rest = Array(CommandLine.arguments.dropFirst())
        let name = (CommandLine.arguments.first ?? "leat").split(separator: "/").last
        return name == "dbt" ? ["dbt"] + rest : rest
    }

    private static func execute(_ arguments: [String]) async -> Int32 {
        // dbt's command line has rules of its own.
        if arguments.first == "dbt" { return await DbtProgram.run(Array(arguments.dropFirst())) }
        var command: any ParsableCommand
        do {
            command = try parseAsRoot(arguments)
        } catch {
            let isRequest = exitCode(for: error).isSuccess
            Output.write(fullMessage(for: error), to: isRequest ? .standardOutput : .standardError)
            return isRequest ? 0 : 2
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch  where exitCode(for: error).isSuccess {
            Output.write(fullMessage(for: error), to: .standardOutput)
            return 0
        } catch let error as ValidationError {
            Output.write("Error: \(error.message)", to: .standardError)
            return 2
        } catch {
            if Interruption.happened { return Interruption.exitStatus }
            ErrorPrinter.print(error, json: (command as? any FormattedCommand)?.logFormat == .json)
            return ErrorPrinter.exitStatus(of: error)
        }
    }
}
