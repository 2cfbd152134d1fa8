import Documents
import Ingest
import Postgres
import Records
import Testing

@Suite("Rows that are left out")
struct RejectedRowsTests {
    @Test("are counted in the record of every mode, and only where their file is read", arguments: SyncMode.allCases)
    func counted(mode: SyncMode) async throws {
        try await withFileSync { files in
            try files.scratch.write("t_1.csv", "id,n\n1,10\n2,x\n3,30\n4,\n")
            let config: JSON = ["url": "t_*.csv", "invalid_values": "skip", "column_types": ["n": "integer"]]
            let first = try await files.sync(config, mode: mode, key: ["id"])
            #expect(first.rowsRead == 4 && first.rowsEmitted == 3 && first.rowsCommitted == 3 && first.rowsRejected == 1)
            #expect(first.json["rows_rejected"] == 1)
            #expect(first.notes.contains { $0.contains("t_1.csv:3:3") }, "\(first.notes)")
            let second = try await files.sync(config, mode: mode, key: ["id"])
            #expect(second.rowsRejected == (mode.isIncremental ? 0 : 1))
            try files.scratch.write("t_2.csv", "id,n\n5,y\n6,z\n7,70\n")
            let third = try await files.sync(config, mode: mode, key: ["id"])
            #expect(third.rowsRejected == (mode.isIncremental ? 2 : 3))
            #expect(try await files.warehouse.execute("select count(distinct id) from landing.t").scalar?.int == 4)
        }
    }
}
