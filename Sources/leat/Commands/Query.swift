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
        case .json: for row in answer.rows { Output.write(json(of: row, answer.columns)) }
        case .csv:
            Output.write(csv(answer.columns.map { $0 }))
            for row in answer.rows { Output.write(csv(row)) }
        }
    }

    private func table(of answer: ProjectQuery.Answer) -> String {
        guard !answer.columns.isEmpty else { return answer.command }
        var table = TextTable(columns: answer.columns, rows: answer.rows)
        table.rightAligned = answer.numericColumns
        return (table.lines() + ["(\(Figures.counted(answer.rows.count, "row")))"]).joined(separator: "\n")
    }

    private func json(of row: [String?], _ columns: [String]) -> String {
        var object = JSON.Members()
        for (column, value) in zip(columns, row) { object.append(column, value.map { .string($0) } ?? .null) }
        return JSON.object(object).text()
    }

    private func csv(_ cells: [String?]) -> String {
        cells.map { cell in
            guard let cell else { return "" }
            let needsQuotes = cell.isEmpty || cell.contains { ",\"\n\r\r\n".contains($0) }
            return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
        }.joined(separator: ",")
    }
}
