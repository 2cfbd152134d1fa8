import Postgres
import TestSupport
import Testing

@Suite("Queries")
struct QueryTests {
    @Test("returns typed rows for parameters of each kind")
    func parameters() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let result = try await connection.query(
                "select $1::int + 1 as n, $2::text as t, $3::bool as b, $4::float8 as f, $5::bytea as raw, $6::text as nothing",
                [41, "it's", true, 1.5, .bytes([0, 255, 92]), nil])
            let row = try #require(result.first)
            #expect(row["n"]?.int == 42)
            #expect(row["t"]?.string == "it's")
            #expect(row["b"]?.bool == true)
            #expect(row["f"]?.double == 1.5)
            #expect(row["raw"]?.bytes == [0, 255, 92])
            #expect(row["nothing"]?.isNull == true)
            #expect(row["missing"] == nil)
            #expect(result.columns.map(\.name) == ["n", "t", "b", "f", "raw", "nothing"])
            #expect(result.commandTag == "SELECT 1")
        }
    }
}
