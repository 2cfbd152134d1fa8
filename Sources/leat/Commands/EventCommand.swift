import ArgumentParser
import Diagnostics
import Documents
import Orchestrate
import Project

/// Changes of data, which pipelines may wait for.
struct EventCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Changes of data, which pipelines may wait for: `schedule: {when: ...}`.",
        subcommands: [EventList.self, EventAnnounce.self], defaultSubcommand: EventList.self)
}

extension DataEvent {
    /// As commands print it.
    var json: JSON {
        [
            "id": .int(Int(id)), "at": .string(at.description), "kind": .string(reference.kind.rawValue),
            "name": .string(reference.name),
            "run": run.map { .string($0.description) } ?? .null, "task": task.map { .string($0.rawValue) } ?? .null,
            "details": details,
        ]
    }

    var sentence: String { "\(reference) at \(at)\(run.map { ", by \($0)" } ?? "")" }
}

struct EventList: ControlCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The newest changes first.")

    @Option(name: .long, help: "How many at most.")
    var limit = 100

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let events = try await options.open().store.dataEvents(of: nil, limit: limit)
        options.show(
            .array(events.map(\.json)),
            events.isEmpty
                ? "nothing yet"
                : TextTable(
                    columns: ["at", "what", "by", ""],
                    rows: events.map {
                        ["\($0.at)", $0.reference.description, $0.run?.description, $0.details.isNull ? nil : $0.details.text()]
                    }, maximumWidth: 80
                ).lines().joined(separator: "\n"))
    }
}

struct EventAnnounce: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "announce", abstract: "Say that something has happened that pipelines wait for: `when: {event: NAME}`.")

    @Argument(help: "Name of the event.")
    var name: String

    @Option(name: .long, help: "What runs may know of it, as JSON.")
    var details: String?

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        let control = try options.open()
        try await control.control.announce(name, details: try details.map { try JSON(parsing: $0, file: "--details") } ?? .null)
        options.show(["event": .string(name)], "\(name) is announced")
        options.warnWithoutScheduler(control, "what waits for it begins")
    }
}
