import ArgumentParser
import Connectors
import Documents
import Project
import Records

struct Discover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a source offers: its streams, their columns, types and keys.")

    @Argument(help: "Name of a source of leat.yml.")
    var source: String

    @Option(name: .long, help: "Only the stream of this name; may be given several times.")
    var stream: [String] = []

    @Flag(name: .long, help: "Print an Airbyte catalog.")
    var json = false

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let catalog = try await ProjectConnectors(try project.load()).discover(source, only: stream)
        if json {
            Output.write(AirbyteCatalog.json(of: catalog).text(indent: 2))
        } else {
            Output.write(CatalogListing(catalog, style: Style(for: .standardOutput)).text)
        }
    }
}
