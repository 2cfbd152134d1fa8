import ArgumentParser
import Connectors
import Documents
import Project

struct Connectors: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connectors", abstract: "Show the connectors that are built in, with the fields of each.")

    @Argument(help: "Only those of this name: postgres, source-postgres, ...")
    var name: String?

    @Flag(name: .long, help: "Print their specifications, as the Airbyte protocol has them, one a line.")
    var json = false

    mutating func run() throws {
        let specs = try ConnectorRegistry.builtIn.specs(named: name)
        for (index, spec) in specs.enumerated() {
            if json {
                Output.write(spec.airbyteSpecification.text())
            } else {
                if index > 0 { Output.write("") }
                Output.write(ConnectorListing(spec, style: Style(for: .standardOutput)).text)
            }
        }
    }
}
