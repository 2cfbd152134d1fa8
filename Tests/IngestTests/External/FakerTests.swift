import Documents
import Foundation
import Ingest
import Records
import TestSupport
import Testing

/// Airbyte's own connector, from PyPI.
private enum Faker {
    /// The folder of its program; nil where it cannot be installed.
    static let folder = PythonPackages.folder("connectors")
}

@Suite(
    "airbyte-source-faker",
    .enabled(if: Faker.folder != nil, "airbyte-source-faker cannot be installed here: scripts/connectors.sh says why"))
struct FakerTests {
    @Test("syncs into Postgres whole and incrementally, twice, without losing or doubling a row")
    func faker() async throws {
        let program = try #require(Faker.folder) + "/source-faker"
        try await withSync { fixture in
            let modes: [SyncMode] = [.fullRefreshOverwrite, .incrementalAppendDeduped, .incrementalAppend]
            for mode in modes {
                let definition = fixture.definition(
                    exec: [program], config: ["count": 200, "seed": 7, "parallelism": 1, "always_updated": false], name: "faker",
                    ["users", "products", "purchases"].map { ConfiguredStream(name: $0, syncMode: mode) })
                var connection = definition
                connection.name = mode.rawValue
                connection.prefix = mode.rawValue + "_"
                for round in 1...2 {
                    let result = try await Sync(connection).run()
                    #expect(result.streams.count == 3)
                    for (name, rows) in [("users", 200), ("products", 100)] {
                        let table = "landing.\"\(mode.rawValue)_\(name)\""
                        #expect(try await fixture.count(table) == rows, "\(mode) \(name), round \(round)")
                        #expect(try await fixture.count("(select distinct id from \(table)) ids") == rows)
                        #expect(try await fixture.count("\(table) where _airbyte_meta -> 'changes' <> '[]'") == 0)
                    }
                }
            }
            #expect(
                try await fixture.text(
                    "select data_type from information_schema.columns where table_name = 'full_refresh_overwrite_users' and column_name = 'created_at'"
                ) == "timestamp with time zone")
        }
    }
}
