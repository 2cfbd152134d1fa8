import Documents
import Foundation
import Postgres
import TestSupport
import Testing

extension ProgramTests {
    @Suite("Syncs of a real process")
    struct SyncProcessTests {
        /// A project that syncs between two databases of the test run's server.
        private func project(_ source: TestDatabase, _ warehouse: TestDatabase, _ streams: String) throws -> ScratchProject {
            func config(_ database: TestDatabase) -> String {
                let options = database.options
                let config: JSON = [
                    "host": .string(options.host), "port": .int(options.port), "database": .string(database.name),
                    "username": .string(options.user), "password": .string(options.password ?? ""),
                ]
                return config.text()
            }
            return try ScratchProject(
                """
                name: memory
                version: 1
                sources: {source: {connector: postgres, config: \(config(source))}}
                destinations: {warehouse: {connector: postgres, config: \(config(warehouse))}}
                connections: {T: {source: source, destination: warehouse, prefix: copy_, streams: [\(streams)]}}
                """)
        }

        private func withDatabases<T>(_ body: (TestDatabase, TestDatabase) async throws -> T) async throws -> T {
            try await withTestDatabase { source in try await withTestDatabase { warehouse in try await body(source, warehouse) } }
        }

        /// Runs `leat` and says how much memory it had at most, in MB.
        private func peak(_ arguments: [String], in project: ScratchProject) async throws -> Double {
            let script = """
                import resource, subprocess, sys
                done = subprocess.run(sys.argv[1:], stdout=sys.stderr)
                used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
                print(used * (1 if sys.platform == 'darwin' else 1024))
                sys.exit(done.returncode)
                """
            let process = try LeatProcess(
                ["python3", "-c", script, LeatProcess.binary.path] + arguments, in: project.directory,
                binary: URL(filePath: "/usr/bin/env"))
            let ended = try await process.ended()
            try #require(ended.status == 0, "\(ended.output)\(ended.errors)")
            return try #require(Double(ended.output.trimmingCharacters(in: .whitespacesAndNewlines))) / 1_048_576
        }

        @Test("a stream of 80 MB needs no more memory than one of 10 MB")
        func memory() async throws {
            try await withDatabases { source, warehouse in
                let connection = try await source.connect()
                try await connection.execute(
                    """
                    create table small as select i as id, repeat(md5(i::text), 32) as filler from generate_series(1, 10000) i;
                    create table large as select i as id, repeat(md5(i::text), 32) as filler from generate_series(1, 80000) i;
                    alter table small alter filler set storage plain; alter table large alter filler set storage plain
                    """)
                await connection.close()
                let project = try project(source, warehouse, "{name: small}, {name: large}")
                let small = try await peak(["sync", "T", "--stream", "small"], in: project)
                let large = try await peak(["sync", "T", "--stream", "large"], in: project)
                #expect(large < small + 8, "\(small) MB and \(large) MB")
                #expect(large < 100, "a debug build needs about twice what a release build does: \(large) MB")
            }
        }

        @Test("the log of a sync's attempt is kept, with what each stream brought, and leat logs shows it")
        func log() async throws {
            try await withDatabases { source, warehouse in
                let connection = try await source.connect()
                try await connection.execute("create table t as select 1 as id; create table gone as select 1 as id")
                await connection.close()
                let project = try project(source, warehouse, "{name: t}")
                #expect(try await project.run("sync", "T").status == 0)
                let log = try await project.run("logs", "sync.T")
                #expect(log.output.contains("t: 1 rows read, 1 emitted, 1 committed, 0 rejected"), "\(log.output)\(log.errors)")
                let begin = try #require(log.output.firstRange(of: "attempt 1 begins"))
                let reading = try #require(log.output.firstRange(of: "t: reading"))
                let end = try #require(log.output.firstRange(of: "attempt 1 succeeded after"))
                #expect(begin.upperBound < reading.lowerBound && reading.upperBound < end.lowerBound)

                #expect(try await project.run("logs", "sync.T", "--part", "attempt 1").output == log.output)
                #expect(try await project.run("logs", "sync.T", "--part", "attempt 2").output.isEmpty)

                try project.write(
                    try String(contentsOf: project.directory.appending(path: "leat.yml"), encoding: .utf8)
                        .replacing("prefix: copy_", with: "prefix: copy_, verify: true"))
                #expect(try await project.run("sync", "T").status == 0)
                #expect(try await project.run("logs", "sync.T").output.contains("public.t: 1 row is the same in public.copy_t"))

                try project.write(
                    try String(contentsOf: project.directory.appending(path: "leat.yml"), encoding: .utf8)
                        .replacing("{name: t}", with: "{name: t}, {name: gon}"))
                #expect(try await project.run("sync", "T").status == 1)
                let failed = try await project.run("logs", "sync.T")
                #expect(failed.output.contains("attempt 1 failed (config_error)"), "\(failed.output)\(failed.errors)")
            }
        }

        @Test("mappings of leat.yml, ours and Airbyte's, are taken; what cannot be has its place, and shows no key")
        func mappings() async throws {
            try await withDatabases { source, warehouse in
                let connection = try await source.connect()
                try await connection.execute("create table t as select 1 as id, 'ada' as mail, '030' as phone, 'x' as note")
                await connection.close()
                let key = String(repeating: "0123456789abcdef", count: 2)
                let project = try project(
                    source, warehouse,
                    """
                    {name: t, mappings: [{encrypt: note, key: "\(key)"}, {remove: phone}, {name: hashing, mapperConfiguration:
                        {targetField: mail, method: MD5, fieldNameSuffix: _hashed}}]}
                    """)
                let ended = try await project.run("sync", "T")
                #expect(ended.status == 0, "\(ended.errors)")
                let copy = try await warehouse.connect()
                let row = try await copy.execute("select mail_hashed, length(note), to_jsonb(t) ? 'phone' from copy_t t").first
                #expect(row?[0].string == "8c8d357b5e872bbacd45197626bd5759" && row?[1].int == 64 && row?[2].bool == false)
                await copy.close()

                let file = project.directory.appending(path: "leat.yml")
                let text = try String(contentsOf: file, encoding: .utf8)
                try project.write(text.replacing(key, with: "5ec2e7"))
                let refused = try await project.run("sync", "T")
                #expect(refused.status == 2 && refused.errors.contains("leat.yml:5:"), "\(refused.errors)")
                #expect(refused.errors.contains("the key of AES must have") && !refused.errors.contains("5ec2e7"))
                try project.write(text.replacing("method: MD5", with: "method: MD2"))
                #expect(try await project.run("sync", "T").errors.contains("'MD2' is not a method of hashing"))
            }
        }
    }
}
