import Documents
import Foundation
import Testing

extension ProgramTests {
    /// The commands that look at sources, destinations and connections.
    @Suite("Commands for connections")
    struct ConnectionCommandTests {
        @Test("connectors lists what is built in with all fields, and prints specifications as JSON")
        func connectors() async throws {
            let folder = FileManager.default.temporaryDirectory
            let table = try await LeatProcess.run(["connectors"], in: folder, environment: ["NO_COLOR": "1"])
            #expect(table.status == 0)
            for text in ["source postgres", "destination postgres", "ssl_mode.mode", "drop_cascade", "required"] {
                #expect(table.output.contains(text), "\(text) is missing in:\n\(table.output)")
            }
            let json = try await LeatProcess.run(["connectors", "source-postgres", "--json"], in: folder)
            let spec = try JSON(parsing: json.output)
            #expect(spec["connectionSpecification"]?["properties"]?["password"]?["airbyte_secret"]?.bool == true)
            let unknown = try await LeatProcess.run(["connectors", "postgrse"], in: folder)
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("did you mean 'postgres'?"))
        }

        @Test("validate holds configs against the connectors' fields, and says where which is wrong")
        func validate() async throws {
            let project = try ScratchProject(
                """
                name: demo
                version: 1
                sources:
                  s: {connector: postgres, config: {host: localhost, port: many, database: d, username: u}}
                destinations:
                  d:
                    connector: postgres
                    config: {hots: localhost, database: d, username: u}
                  e: {connector: potsgres, config: {}}
                """)
            let ended = try await project.run("validate")
            #expect(ended.status == 2, "\(ended.output)\(ended.errors)")
            for words in [
                "leat.yml:4:", "port", "leat.yml:8:", "did you mean 'host'?", "leat.yml:9:", "did you mean 'postgres'?",
            ] {
                #expect(ended.errors.contains(words), "\(words) is missing in \(ended.errors)")
            }
        }

        @Test("check says ok for what can be used; what cannot fails with the reason, what to do, and exit code 1")
        func check() async throws {
            try await withExample { example in
                let fine = try await example.run("check")
                #expect(fine.status == 0, "\(fine.output)\(fine.errors)")
                #expect(fine.output.contains("ok      source clients: PostgreSQL "))
                #expect(fine.output.contains("1 stream"))
                #expect(fine.output.contains("ok      destination warehouse: PostgreSQL "))

                try example.edit("leat.yml", replacing: "schemas: [public]", with: "schemas: [pubic]")
                let misspelt = try await example.run("check", "clients")
                #expect(misspelt.status == 1)
                #expect(misspelt.output.contains("the database has no schema 'pubic'"))
                #expect(misspelt.output.contains("did you mean 'public'?"))
                try example.edit("leat.yml", replacing: "schemas: [pubic]", with: "schemas: [public]")

                var environment = example.environment
                environment["CLIENTS_PASSWORD"] = "wrong-secret"
                let refused = try await LeatProcess.run(["check"], in: example.directory, environment: environment)
                #expect(refused.status == 1)
                #expect(refused.output.contains("failed  source clients: "))
                #expect(refused.output.contains("ok      destination warehouse: "))
                #expect(!refused.output.contains("wrong-secret"))

                let unknown = try await example.run("check", "warehous")
                #expect(unknown.status == 2)
                #expect(unknown.errors.contains("did you mean 'warehouse'?"))
            }
        }

        @Test("check finds rights that are missing, and says which statement gives them")
        func rights() async throws {
            try await withExample { example in
                _ = try await example.ask("create role poor login password 'clients'", example.clients)
                try example.edit(
                    "leat.yml", replacing: "username: clients\n      password", with: "username: poor\n      password")
                let source = try await example.run("check", "clients")
                #expect(source.status == 1)
                #expect(source.output.contains("grant select on all tables in schema \"public\" to poor"), "\(source.output)")

                _ = try await example.ask("alter database warehouse set default_transaction_read_only = on", example.warehouse)
                let destination = try await example.run("check", "warehouse")
                #expect(destination.status == 1)
                #expect(destination.output.contains("set default_transaction_read_only to off"), "\(destination.output)")
            }
        }

        @Test("discover shows streams, columns, types and keys; as JSON it is an Airbyte catalog")
        func discover() async throws {
            try await withExample { example in
                _ = try await example.ask(
                    "create table extra (id uuid, part int, at timestamptz, tags text[] not null, primary key (part, id))",
                    example.clients)
                let shown = try await example.run("discover", "clients", "--stream", "extra")
                #expect(
                    shown.output == """
                        public.extra  table
                        column | type                     | airbyte type            | null | key
                        -------+--------------------------+-------------------------+------+------
                        id     | uuid                     | string                  |      | key 2
                        part   | integer                  | integer                 |      | key 1
                        at     | timestamp with time zone | timestamp_with_timezone | null |
                        tags   | text[]                   | array                   |      |

                        1 stream

                        """)
                let json = try await example.run("discover", "clients", "--json")
                let streams = try JSON(parsing: json.output)["streams"]?.array ?? []
                #expect(streams.compactMap { $0["name"]?.string } == ["engagement_metrics", "extra"])
                #expect(streams.last?["source_defined_primary_key"] == [["part"], ["id"]])
                #expect(
                    streams.last?["json_schema"]?["properties"]?["at"]
                        == [
                            "type": ["null", "string"], "format": "date-time", "airbyte_type": "timestamp_with_timezone",
                        ])
                let unknown = try await example.run("discover", "clients", "--stream", "extro")
                #expect(unknown.status == 2)
                #expect(unknown.errors.contains("did you mean 'extra'?"))
            }
        }

        @Test("plan says what becomes of tables and columns, before and after the first sync, and writes nothing")
        func plan() async throws {
            try await withExample { example in
                let first = try await example.run("plan", "Clients")
                #expect(first.status == 0, "\(first.errors)")
                for text in [
                    "public.engagement_metrics -> clients.engagement_metrics", "full_refresh_overwrite: all rows are read",
                    "are made", "every value is kept as it is", "Nothing was written.",
                ] {
                    #expect(first.output.contains(text), "\(text) is missing in:\n\(first.output)")
                }
                let left = try await example.ask(
                    "select count(*)::text from pg_namespace where nspname in ('leat_internal')", example.warehouse)
                #expect(left == [["0"]])

                #expect(try await example.run("sync", "Clients").status == 0)
                _ = try await example.ask(
                    """
                    create type mood as enum ('sad'); alter table engagement_metrics add feeling mood;
                    alter table engagement_metrics rename column project_id to project
                    """, example.clients)
                let second = try await example.run("plan", "Clients")
                for text in [
                    "a new table takes the place of the old one", "as text: an enum of the source's own, new in the table",
                    "the source no longer has project_id: dropped from the table", "1 changed",
                ] {
                    #expect(second.output.contains(text), "\(text) is missing in:\n\(second.output)")
                }

                _ = try await example.ask(
                    "drop table clients.engagement_metrics; create view clients.engagement_metrics as select 1 as a",
                    example.warehouse)
                let blocked = try await example.run("plan", "Clients")
                #expect(blocked.status == 1)
                #expect(blocked.output.contains("cannot be synced: the destination has a view where the table"))
            }
        }

        @Test("verify is content with what a sync left, and ends with 1 and the row where one value is not the same")
        func verify() async throws {
            try await withExample { example in
                let before = try await example.run("verify", "Clients")
                #expect(before.status == 1)
                #expect(before.output.contains("run the connection first"))
                #expect(try await example.run("sync", "Clients").status == 0)
                let fine = try await example.run("verify", "Clients")
                #expect(fine.status == 0, "\(fine.output)\(fine.errors)")
                #expect(fine.output.contains("ok       public.engagement_metrics -> clients.engagement_metrics: "))

                _ = try await example.ask(
                    """
                    update clients.engagement_metrics set comments = 'made up'
                    where ctid = (select min(ctid) from clients.engagement_metrics)
                    """, example.warehouse)
                let broken = try await example.run("verify", "Clients")
                #expect(broken.status == 1)
                for text in ["differs  public.engagement_metrics", "missing", "unexpected", "in comments", "2 rows differ"] {
                    #expect(broken.output.contains(text), "\(text) is missing in:\n\(broken.output)")
                }
                let wrong = try await example.run("verify", "Clients", "--stream", "engagement_metric")
                #expect(wrong.status == 1)
                #expect(wrong.errors.contains("did you mean 'engagement_metrics'?"))
            }
        }
    }
}
