import ArgumentParser
import Diagnostics
import Documents
import Project

struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask one of the project's databases and show the answer.",
        discussion: "Without --on it asks the destination, if leat.yml has one only.")

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, csv
    }

    @Argument(help: "The SQL.")
    var sql: String

    @Option(name: .long, help: "Name of a destination, source or service of leat.yml.")
    var on: String?

    @Option(name: .long, help: "table, json or csv.")
    var format: Format = .table

    @OptionGroup var project: ProjectOptions

    mutating func run() async throws {
        let answer = try await ProjectQuery(try project.load()).run(sql, on: on)
        switch format {
        case .table: Output.write(table(of: answer))
        case .json: for row in answer.rows { Output.write(json(of: row, in: answer)) }
        case .csv:
            Output.write(csv(answer.columns))
            for row in answer.rows { Output.write(csv(row)) }
        }
    }

    /// On a terminal the columns that fit; elsewhere all of them.
    private func table(of answer: ProjectQuery.Answer) -> String {
        guard !answer.columns.isEmpty else { return answer.command }
        var table = TextTable(columns: answer.columns, rows: answer.rows)
        table.rightAligned = Set(answer.kinds.indices.filter { answer.kinds[$0] == .number })
        let hidden = Output.Stream.standardOutput.isTerminal ? table.fit(into: Output.width) : 0
        var summary = Figures.counted(answer.rows.count, "row")
        if hidden > 0 { summary += ", \(Figures.counted(hidden, "column")) not shown: name them, or use --format csv or json" }
        return (table.lines() + ["(\(summary))"]).joined(separator: "\n")
    }

    /// One object; numbers stand as the server writes them, with all their digits.
    private func json(of row: [String?], in answer: ProjectQuery.Answer) -> String {
        let members = zip(zip(answer.columns, answer.kinds), row).map { column, cell in
            JSON.string(column.0).text() + ":" + json(of: cell, kind: column.1)
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private func json(of cell: String?, kind: ProjectQuery.Answer.Kind) -> String {
        guard let cell else { return "null" }
        return switch kind {
        case .number where !["NaN", "Infinity", "-Infinity"].contains(cell): cell
        case .boolean: cell == "t" ? "true" : "false"
        // A line break between tokens would break the line; everything else stays as it is.
        case .json: cell.contains("\n") ? (try? JSON(parsing: cell))?.text() ?? JSON.string(cell).text() : cell
        default: JSON.string(cell).text()
        }
    }

    private func csv(_ cells: [String?]) -> String {
        cells.map { cell in
            guard let cell else { return "" }
            let needsQuotes = cell.isEmpty || cell.contains { ",\"\n\r\r\n".contains($0) }
            return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
        }.joined(separator: ",")
    }
}
