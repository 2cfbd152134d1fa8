import ArgumentParser
import Foundation
import Orchestrate
import Project

struct Serve: AsyncParsableCommand, FormattedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the scheduler: obey the schedules of leat.yml, and what other commands ask for.",
        discussion: """
            It runs until Ctrl-C or SIGTERM. Tasks that are under way then are ended, and begun again by the next `leat serve`. leat.yml \
            is read again when it changes.
            """)

    @OptionGroup var project: ProjectOptions

    @Option(name: .long, help: "text: a line for each thing that happens. json: one object a line.")
    var logFormat: LogFormat = .text

    mutating func run() async throws {
        let options = project
        let scheduler = try ProjectScheduler(try options.load(), read: { try options.load() })
        let events = scheduler.scheduler.events()
        let reporter = SchedulerReporter(format: logFormat)
        // A task of its own, for what happens while the scheduler stops is told as well.
        let reporting = Task { for await event in events { reporter.handle(event) } }
        try await scheduler.run()
        await reporting.value
    }
}
