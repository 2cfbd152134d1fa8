import ArgumentParser
import Ingest
import Project

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare the content of source and destination, row by row and value by value.",
        discussion: """
            Both servers digest their tables; rows travel only where something differs. Ends with 1 where something does. \
            What the source has changed since the last sync counts as a difference, except in incremental modes, which are \
            held to what they promise: every row up to the last cursor.
            """)

    @Argument(help: "Name of the connection.")
    var connection: String

    @Option(name: .long, help: "Compare about so many rows of each stream.")
    var sample: Int?

    @Option(name: .long, help: "Only the stream of this name; may be given several times.")
    var stream: [String] = []

    @OptionGroup var project: ProjectOptions

    mutating func validate() throws {
        if let sample, sample < 1 { throw ValidationError("--sample must be at least 1") }
    }

    mutating func run() async throws {
        let connection = try ProjectConnection(connection, of: try project.load())
        let verification = try await connection.verify(VerifyOptions(sample: sample, streams: stream))
        let listing = VerificationListing(style: Style(for: .standardOutput))
        for stream in verification.streams { Output.write(listing.text(of: stream)) }
        if !verification.isEqual { throw ExitCode.failure }
    }
}
