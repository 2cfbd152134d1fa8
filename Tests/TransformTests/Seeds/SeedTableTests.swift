import Diagnostics
import Jinja
import Testing

@testable import Transform

/// What the engine asks of a seed beyond its rows.
struct SeedTableTests {
    private let table: SeedTable

    init() throws {
        let text = "id,name,born,seen,ok\n1,\"a\nb\",2024-01-31,2024-01-31T10:00:00,True\n\n2,é;,,,false\n"
        table = try SeedTable(bytes: Array(text.utf8), file: "seeds/teams.csv", columnTypes: ["name": "varchar(20)"])
    }

    @Test("finds the place of a value, past line breaks in quotes and empty lines")
    func places() {
        #expect(table.location(ofRow: 0, column: 1) == SourceLocation(file: "seeds/teams.csv", line: 2, column: 3))
        #expect(table.location(ofRow: 1, column: 0) == SourceLocation(file: "seeds/teams.csv", line: 4, column: 1))
        #expect(table.location(ofRow: 2, column: 2) == SourceLocation(file: "seeds/teams.csv", line: 5, column: 6))
        #expect(table.location(ofRow: 2, column: nil) == SourceLocation(file: "seeds/teams.csv", line: 5, column: 1))
        #expect(table.location(ofRow: 3, column: 0) == nil)
        #expect(table.location(ofRow: -1, column: 0) == nil)
    }

    @Test("gives templates values of the columns' types")
    func values() {
        let rows = table.values().map { $0.map(\.pythonString) }
        #expect(
            rows == [
                ["1", "a\nb", "2024-01-31", "2024-01-31 10:00:00", "True"],
                ["None", "None", "None", "None", "None"],
                ["2", "é;", "None", "None", "False"],
            ])
        #expect(table.values()[0][0] == .int(1))
    }
}
