import ArgumentParser
import Foundation
import Project

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what was defined by API or page as text for leat.yml.",
        discussion: """
            Put the text into leat.yml, set the environment variables that it names, and remove the definitions in the pages or by \
            the API; what stands in the file wins until then. Secrets are never printed.
            """)

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let export = try DefinitionExport(try project.load())
        guard !export.text.isEmpty else {
            return Output.write("nothing was defined by API or page: all stands in \(LeatProject.fileName)", to: .standardError)
        }
        Output.write(export.text, to: .standardOutput)
        for (name, secret) in export.variables { Output.write("set \(name) to \(secret)", to: .standardError) }
    }
}
