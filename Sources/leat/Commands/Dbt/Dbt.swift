import ArgumentParser

/// `leat dbt`: stands in the list of commands; ``DbtProgram`` takes what follows apart itself, as dbt does.
struct Dbt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "dbt's command line.",
        discussion: "Also under the name dbt: make a symbolic link to leat. 'leat dbt --help' lists its commands.")

    @Argument(parsing: .captureForPassthrough, help: "What follows 'dbt' on dbt's command line.")
    var words: [String] = []

    mutating func run() async throws {
        let status = await DbtProgram.run(words)
        if status != 0 { throw ExitCode(status) }
    }
}
