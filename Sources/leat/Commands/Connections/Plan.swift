import ArgumentParser
import Ingest
import Project

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a sync would do: which tables, how, and what becomes of every column.",
        discussion: "Looks at the source and the destination, and writes nothing. Ends with 1 where the sync could not run.")

    @Argument(help: "Name of the connection.")
    var connection: String

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let preview = try await ProjectConnection(connection, of: try project.load()).preview()
        Output.write(PlanListing(preview, style: Style(for: .standardOutput)).text)
        if !preview.isPossible { throw ExitCode.failure }
    }
}
