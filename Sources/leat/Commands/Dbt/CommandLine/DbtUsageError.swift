/// What is wrong with a command line, in the words of dbt's own.
struct DbtUsageError: Error {
    /// `dbt run`.
    var command: String
    var message: String

    var description: String {
        """
        Usage: \(command) [OPTIONS]\(command == "dbt" ? " COMMAND [ARGS]..." : "")
        Try '\(command) -h' for help.

        Error: \(message)
        """
    }
}
