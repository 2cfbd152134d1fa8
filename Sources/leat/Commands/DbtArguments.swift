/// dbt accepts its global options before the subcommand as well as after it.
enum DbtArguments {
    static let subcommands: Set<String> = ["build", "run", "test", "seed", "compile", "ls", "list", "parse"]

    private static let optionsWithValue: Set<String> = [
        "--project-dir", "--profiles-dir", "--profile", "--target", "-t", "--vars", "--threads", "--target-path",
        "--log-format", "--log-level",
    ]

    /// `dbt --quiet run -s a` becomes `dbt run --quiet -s a`; other commands stay as they are.
    static func normalized(_ arguments: [String]) -> [String] {
        guard arguments.first == "dbt" else { return arguments }
        var index = 1
        while index < arguments.count {
            let argument = arguments[index]
            if subcommands.contains(argument) {
                return ["dbt", argument] + arguments[1..<index] + arguments[(index + 1)...]
            }
            index += optionsWithValue.contains(argument) ? 2 : 1
        }
        return arguments
    }
}
