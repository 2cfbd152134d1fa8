import ArgumentParser
import Documents
import Transform

extension Dbt {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ls", abstract: "List the nodes of a selection.", aliases: ["list"])

        enum Kind: String, CaseIterable, ExpressibleByArgument {
            case selector, name, path, json
        }

        @OptionGroup var options: DbtOptions

        @Option(name: .long, help: "selector, name, path or json.")
        var output: Kind = .selector

        @Option(name: .long, parsing: .upToNextOption, help: "Only these types: model, seed, test, source ...")
        var resourceType: [String] = []

        mutating func run() async throws {
            var invocation = try options.invocation("list")
            invocation.resourceTypes = Set(
                try resourceType.filter { $0 != "all" }.map { name in
                    guard let type = ResourceType(rawValue: name) else {
                        throw ValidationError("there is no resource type '\(name)'")
                    }
                    return type
                })
            let session = try await TransformSession.load(invocation)
            for line in try session.list(output.rawValue) { Output.write(line) }
        }
    }
}
