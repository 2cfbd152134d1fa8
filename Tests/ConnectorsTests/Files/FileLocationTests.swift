import Connectors
import Diagnostics
import Documents
import Foundation
import Ingest
import Postgres
import Records
import TestSupport
import Testing

@Suite("Places of files", .serialized)
struct FileLocationTests {
    private func gzip(_ path: String) throws { try TestCommand.run("gzip", "-f", path) }

    @Test("a glob is one stream of all its files, by their columns' names")
    func glob() async throws {
        try await withFileSync { files in
            try files.scratch.write("orders_1.csv", "id,a\n1,x\n")
            try files.scratch.write("orders_2.csv", "a,id,b\ny,2,2.5\n")
            try files.scratch.write("other.csv", "z\n1\n")
            try await files.sync(["url": "orders_*.csv"], stream: "orders")
            #expect(try await files.types(table: "orders") == ["id bigint", "a character varying", "b numeric"])
            #expect(try await files.rows(table: "orders") == ["(1,x,)", "(2,y,2.5)"])
        }
    }

    @Test("gzip is noticed by its first bytes, also in several members")
    func gzip() async throws {
        try await withFileSync { files in
            let first = try files.scratch.write("t.csv", "id,s\n" + (1...50_000).map { "\($0),x\($0)\n" }.joined())
            let second = try files.scratch.write("u.csv", "50001,y\n")
            try gzip(first)
            try gzip(second)
            let both =
                try Data(contentsOf: URL(filePath: first + ".gz")) + Data(contentsOf: URL(filePath: second + ".gz"))
            try files.scratch.write("t.csv.gz", both)
            let result = try await files.sync(["url": "t.csv.gz"])
            #expect(result.rowsCommitted == 50_001)
            try files.scratch.write("t.csv.gz", both.prefix(both.count / 2))
            let error = await connectorError { try await files.sync(["url": "t.csv.gz"]) }
            #expect(error?.message.hasSuffix("is no whole gzip file: it ends in the middle") == true, "\(error as Any)")
        }
    }

    @Test("an incremental sync reads files that are new or have changed, and no others")
    func incremental() async throws {
        try await withFileSync { files in
            let config: JSON = ["url": "t_*.csv"]
            try files.scratch.write("t_1.csv", "id,v\n1,a\n2,b\n")
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 2)
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 0)
            try files.scratch.write("t_2.csv", "id,v\n3,c\n")
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 1)
            try files.scratch.write("t_1.csv", "id,v\n1,a\n2,b\n4,d\n")
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 3)
            #expect(try await files.rows("id") == ["(1)", "(2)", "(3)", "(1)", "(2)", "(4)"])
        }
    }

    @Test("with a key, the rows of a changed file take the place of those that were there")
    func deduplicated() async throws {
        try await withFileSync { files in
            try files.scratch.write("t.csv", "id,v\n1,a\n2,b\n")
            try await files.sync(["url": "t.csv"], mode: .incrementalAppendDeduped, key: ["id"])
            try files.scratch.write("t.csv", "id,v\n2,c\n3,long enough\n")
            try await files.sync(["url": "t.csv"], mode: .incrementalAppendDeduped, key: ["id"])
            #expect(Set(try await files.rows()) == ["(1,a)", "(2,c)", "(3,\"long enough\")"])
        }
    }

    @Test("** stands for any folders, also none; hidden ones and links to folders are left out")
    func deepGlob() async throws {
        try await withFileSync { files in
            for (path, id) in [
                ("data/a.csv", 1), ("data/x/b.csv", 2), ("data/x/y/c.csv", 3), ("data/.hidden/d.csv", 4), ("data/x/e.txt", 5),
                ("data/z/x/f.csv", 6),
            ] {
                let folder = path.split(separator: "/").dropLast().joined(separator: "/")
                try FileManager.default.createDirectory(
                    atPath: "\(files.scratch.path)/\(folder)", withIntermediateDirectories: true)
                try files.scratch.write(path, "id\n\(id)\n")
            }
            try FileManager.default.createSymbolicLink(
                atPath: "\(files.scratch.path)/data/x/circle", withDestinationPath: "..")
            for (pattern, rows) in [
                ("data/**/*.csv", ["(1)", "(2)", "(3)", "(6)"]), ("data/**/x/*.csv", ["(2)", "(6)"]),
                ("**/x/**/?.csv", ["(2)", "(3)", "(6)"]), ("data/x/**", ["(2)", "(3)", "(5)"]),
            ] {
                try await files.sync(["url": .string(pattern), "dataset_name": "t"])
                #expect(try await files.rows().sorted() == rows, "\(pattern)")
            }
            let error = await connectorError { try await files.sync(["url": "data/**/*.tsv", "dataset_name": "t"]) }
            #expect(error?.message.hasPrefix("no file is called ") == true)
        }
    }

    @Test("verify reads files once more and finds the row and the value that are not the same")
    func verified() async throws {
        try await withFileSync { files in
            try files.scratch.write("t.csv", "id,v\n1,a\n2,b\n3,c\n")
            let encryption = try Encryption(algorithm: "AES", key: String(repeating: "0a", count: 16))
            for (mode, mappings) in [
                (SyncMode.fullRefreshOverwrite, []), (.fullRefreshAppend, []),
                (
                    .fullRefreshOverwriteDeduped,
                    [StreamMapping.encrypt(field: "v", encryption), .filter(.compare(column: "id", .lessThan, value: "3"))]
                ),
            ] {
                var definition = files.definition(["url": "t.csv"], mode: mode, key: ["id"])
                definition.streams[0].mappings = mappings
                _ = try await Sync(definition).run()
                let equal = try await Sync(definition).verify()
                #expect(equal.isEqual && equal.streams[0].sourceRows == (mappings.isEmpty ? 3 : 2))
                try await files.warehouse.execute("update landing.t set v = 'x' where id = 2")
                let different = try await Sync(definition).verify().streams[0]
                #expect(
                    different.differenceCount > 0
                        && different.differences.contains { difference in
                            difference.changes.contains { $0.column == "v" && $0.destination == "x" }
                                || difference.identity.contains { $0.column == "v" && $0.text == "x" }
                        })
                try await files.warehouse.execute("drop table landing.t; delete from leat_internal.stream_states")
            }
            let definition = files.definition(["url": "t.csv"], mode: .incrementalAppend)
            _ = try await Sync(definition).run()
            let error = await connectorError { _ = try await Sync(definition).verify() }
            #expect(error?.message.contains("itself says what is new in 't'") == true)
        }
    }

    @Test("an https or http URL is read as it comes")
    func url() async throws {
        let server = try HTTPServer()
        defer { server.stop() }
        try await withFileSync { files in
            let body = "id,s\n" + (1...100_000).map { "\($0),row \($0)\n" }.joined()
            server.answer("/data/t.csv", Data(body.utf8))
            let config: JSON = ["url": .string("\(server.url)/data/t.csv?token=1"), "username": "u", "password": "p@ss"]
            let result = try await files.sync(config)
            #expect(result.rowsCommitted == 100_000)
            #expect(server.headers.contains { $0.contains("Authorization: Basic dTpwQHNz") })
            let error = await connectorError { try await files.sync(["url": .string("\(server.url)/gone/t.csv")]) }
            #expect(error?.message.contains("the server answers 404") == true, "\(error as Any)")
            #expect(error?.hint == "look at the url")
        }
    }

    @Test("a server that fails for a moment is asked again")
    func retries() async throws {
        let server = try HTTPServer()
        defer { server.stop() }
        try await withFileSync { files in
            server.answer("/t.csv", Data("id\n1\n".utf8), failures: 2)
            let result = try await files.sync(["url": .string("\(server.url)/t.csv")])
            #expect(result.rowsCommitted == 1)
        }
    }

    @Test("an unchanged URL is not read again by an incremental sync")
    func unchanged() async throws {
        let server = try HTTPServer()
        defer { server.stop() }
        try await withFileSync { files in
            let config: JSON = ["url": .string("\(server.url)/t.csv")]
            server.answer("/t.csv", Data("id\n1\n".utf8), etag: "\"a\"")
            let first = try await files.sync(config, mode: .incrementalAppend)
            #expect(first.rowsCommitted == 1)
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 0)
            server.answer("/t.csv", Data("id\n2\n".utf8), etag: "\"b\"")
            #expect(try await files.sync(config, mode: .incrementalAppend).rowsCommitted == 1)
        }
    }

    @Test(
        "what is not there, or no file, is said",
        arguments: [
            (["url": "none.csv"], "connector.source", "cannot be read: No such file"),
            (["url": "none*.csv"], "connector.source", "no file is called"), (["url": "."], "connector.source", "is a folder"),
            (["url": "s3://bucket/x.csv"], "connector.unsupported", "files at s3:// cannot be read"),
            (["url": "data.bin"], "connector.configuration", "does not say what it holds"),
            (["url": "empty.csv"], "connector.data", "has no columns"),
            (["url": "t.csv", "column_types": ["idd": "string"]], "connector.configuration", "names the column 'idd'"),
            (["url": "t.csv", "delimiter": "::"], "connector.configuration", "must be one ASCII character"),
            (["url": "t.csv", "column_types": ["id": "int"]], "connector.configuration", "must be a mapping to one of"),
        ] as [(JSON, String, String)])
    func mistakes(_ config: JSON, _ code: String, _ message: String) async throws {
        try await withScratch { scratch in
            try scratch.write("data.bin", "x")
            try scratch.write("empty.csv", "")
            try scratch.write("t.csv", "id\n1\n")
            let error = await connectorError {
                _ = try await ConnectorRegistry.builtIn.source(
                    named: "files", connector: .builtIn("file", folder: scratch.path), config: config
                ).discover()
            }
            #expect(error?.code == code, "\(error as Any)")
            #expect(error?.message.contains(message) == true, "\(error as Any)")
        }
    }

    @Test(
        "a stream is called after its files",
        arguments: [
            ("t.csv", "t"), ("data/orders_*.csv.gz", "orders"), ("/x/Daily Report-2024.tsv", "Daily Report-2024"),
            ("https://example.com/a/b.jsonl?x=1#y", "b"), ("data/*.csv", "files"), ("*_events.ndjson", "events"),
        ])
    func names(_ url: String, _ name: String) throws {
        #expect(FileSource.streamName(of: url) == name)
    }
}
