import ArgumentParser
import Diagnostics
import Foundation
import Project
import Services

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the local databases that leat.yml names.",
        discussion: "Each is a private PostgreSQL server with its data below .leat/ of the project.")

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let style = Style(for: .standardOutput)
        let start = ContinuousClock.now
        try await ProjectServices(try project.load(.services)).up { line in Output.write(style(line, .dim)) }
        Output.write(style("ready", .green) + " in " + Figures.time(.now - start))
    }
}

struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the local databases. Their data stays.")

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let style = Style(for: .standardOutput)
        try await ProjectServices(try project.load(.services)).down { line in Output.write(style(line, .dim)) }
    }
}

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the local databases and whether they run, and the pods of the project's tasks.")

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let services = try project.load(.services)
        // The databases are shown whether or not the rest of the file is right.
        let whole = try? project.load()
        if whole?.hasPods != true || !services.services.isEmpty {
            let rows = try await ProjectServices(services).status()
            let table = TextTable(columns: ProjectServices.statusColumns, rows: rows, maximumWidth: nil)
            Output.write(table.lines().joined(separator: "\n") + "\n")
        }
        guard let whole else { return }
        do {
            for listing in try await PodListing.all(of: whole) ?? [] {
                Output.write("pods in the namespace '\(listing.namespace)'\n" + listing.lines.joined(separator: "\n"))
            }
        } catch {
            let words = (error as? any UserFacingError)?.message ?? "\(error)"
            Output.write("pods: \(words)")
        }
    }
}
