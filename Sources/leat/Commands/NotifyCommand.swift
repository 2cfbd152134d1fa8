import ArgumentParser
import Documents
import Project

/// The channels through which people are told of runs.
struct NotifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notify", abstract: "The channels through which people are told of runs.", subcommands: [NotifyTest.self])
}

struct NotifyTest: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a message through a channel that says that it is a test.",
        discussion: "It is sent once, now, and the answer is shown. Nothing else is told of it.")

    @Argument(help: "Name of the channel, under `channels:` in leat.yml.")
    var channel: String

    @Option(
        name: .long, help: "Of what it shall seem to tell: \(NotificationEvent.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var event = NotificationEvent.failure

    @OptionGroup var options: ControlOptions

    mutating func run() async throws {
        try await options.open().testChannel(channel, event: event)
        options.show(
            ["channel": .string(channel), "event": .string(event.rawValue), "sent": true], "\(channel) has taken the message")
    }
}

extension NotificationEvent: ExpressibleByArgument {}
