import ArgumentParser
import Connectors
import Ingest
import Processes
import Project

struct Sync: AsyncParsableCommand, FormattedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run one connection now.",
        discussion: """
            --refresh and --refresh-merge read the streams from their start again, as a new generation of rows: the rows \
            that were there go, or stay. --clear takes all rows out of the tables and reads none. What the source has \
            changed in its columns is reported, and done as non_breaking_schema_updates_behavior in leat.yml says.
            """)

    @Argument(help: "Name of the connection.")
    var connection: String

    @Option(name: .long, help: "Only the stream of this name; may be given several times.")
    var stream: [String] = []

    @Flag(name: .long, help: "Read everything again; the rows that were there go in the same step.")
    var refresh = false

    @Flag(name: .long, help: "Read everything again, and keep the rows that were there.")
    var refreshMerge = false

    @Flag(name: .long, help: "Empty the tables, and forget how far they were loaded.")
    var clear = false

    @Flag(name: .long, help: "Take the source's columns and keys as they are now.")
    var approve = false

    @OptionGroup var project: ProjectOptions
    @OptionGroup var output: RunOutputOptions

    var logFormat: LogFormat { output.logFormat }

    mutating func validate() throws {
        if [refresh, refreshMerge, clear].count(where: { $0 }) > 1 {
            throw ValidationError("--refresh, --refresh-merge and --clear exclude each other")
        }
    }

    mutating func run() async throws {
        var options = SyncOptions()
        options.streams = stream
        options.refresh = refresh ? .truncate : refreshMerge ? .merge : nil
        options.approvesChanges = approve
        if clear { return try await clear(options) }
        let run = try await PipelineRun.prepare(connection: connection, of: try project.load(), options: options)
        StartupMemory.release()
        try await output.show(run)
    }

    private func clear(_ options: SyncOptions) async throws {
        for stream in try await ProjectConnection(connection, of: try project.load()).clear(options) {
            Output.write("cleared  \(stream.stream) -> \(stream.table): \(Figures.counted(stream.rows, "row"))")
        }
    }
}
