/// The lists that `--help` shows.
enum DbtHelp {
    /// The commands, or the options of one.
    static func text(for command: DbtCommand?) -> String {
        guard let command else { return overview }
        let argument = command.positional.map { " [\($0.uppercased())]" } ?? ""
        var lines = ["Usage: dbt \(command.rawValue) [OPTIONS]\(argument)", "", "  \(command.abstract).", "", "Options:"]
        lines += columns(
            command.options.filter { !$0.help.isEmpty }.map { (($0.names + $0.off).joined(separator: ", "), $0.help) })
        return lines.joined(separator: "\n")
    }

    private static var overview: String {
        var lines = [
            "Usage: dbt [OPTIONS] COMMAND [ARGS]...", "", "  dbt's command line, as Leat has it.", "", "Commands:",
        ]
        lines += columns(DbtCommand.allCases.map { ($0.rawValue, $0.abstract) })
        lines += ["", "Options of all commands:"]
        lines += columns(
            DbtOption.global.filter { !$0.help.isEmpty }.map { (($0.names + $0.off).joined(separator: ", "), $0.help) })
        return lines.joined(separator: "\n")
    }

    private static func columns(_ rows: [(String, String)]) -> [String] {
        let width = min(40, rows.map(\.0.count).max() ?? 0)
        return rows.map { name, help in
            name.count <= width
                ? "  " + name + String(repeating: " ", count: width - name.count + 2) + help
                : "  \(name)\n  " + String(repeating: " ", count: width + 2) + help
        }
    }
}
