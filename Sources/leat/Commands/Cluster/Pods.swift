import ArgumentParser
import Project

struct Pods: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the pods of the project's tasks: phase, node, reason, restarts, age.")

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        guard let listings = try await PodListing.all(of: try project.load()) else {
            return Output.write("no task of this project runs in pods: see 'executor: kubernetes' in docs/kubernetes.md")
        }
        for listing in listings {
            if listings.count > 1 { Output.write("namespace \(listing.namespace)") }
            Output.write(listing.lines.joined(separator: "\n"))
        }
    }
}
