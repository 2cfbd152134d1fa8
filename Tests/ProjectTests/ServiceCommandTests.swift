import Foundation
import Testing

extension ProgramTests {
    /// `up`, `down` and `status` where leat.yml is wrong.
    @Suite("Services of leat.yml")
    struct ServiceCommandTests {
        @Test(
            "what cannot be is an error at its place in leat.yml, and ends with 2",
            arguments: [
                ("services:\n  clients:", "services:\n  clients.eu:", "leat.yml:6:3: 'clients.eu' cannot be the name"),
                ("user: clients\n", "user: pg_clients\n", "leat.yml:10:13: the user 'pg_clients'"),
                (
                    "init: [scripts/clients.sql]", "init: [scripts/warehouse.sql, scripts/client.sql]",
                    "leat.yml:12:37: the init script scripts/client.sql of service 'clients' does not exist"
                ),
                ("init: [scripts/clients.sql]", "init: [scripts]", "leat.yml:12:14: the init script scripts of service"),
            ])
        func refused(valid: String, broken: String, text: String) async throws {
            let example = try ExampleCopy()
            try example.edit("leat.yml", replacing: valid, with: broken)
            let up = try await example.run("up")
            #expect(up.status == 2, "\(up.output)\(up.errors)")
            #expect(up.errors.contains(text), "\(up.errors)")
            #expect(!up.output.contains("cluster"))
            try FileManager.default.removeItem(at: example.directory)
        }
    }
}
