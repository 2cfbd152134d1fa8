import Connectors
import Diagnostics
import Documents
import Foundation
import Ingest
import Postgres
import Records
import Testing

@Suite("JSON Lines files", .serialized)
struct JSONLinesTests {
    @Test("types are those of the values, and values arrive as they are")
    func types() async throws {
        try await withFileSync { files in
            try files.scratch.write(
                "t.jsonl",
                #"""
                {"id":1,"n":1.50,"f":true,"s":"café \ud83d\ude00","o":{"a":[1]},"l":[1,2],"mixed":1,"any":{"x":1}}

                {"id":12345678901234567890,"n":2,"s":null,"mixed":"x","any":[2],"late":"new"}
                """#)
            try await files.sync(["url": "t.jsonl"])
            #expect(
                try await files.types() == [
                    "id numeric", "n numeric", "f boolean", "s character varying", "o jsonb", "l jsonb",
                    "mixed character varying",
                    "any jsonb", "late character varying",
                ])
            #expect(
                try await files.rows() == [
                    #"(1,1.50,t,"café 😀","{""a"": [1]}","[1, 2]",1,"{""x"": 1}",)"#,
                    #"(12345678901234567890,2,,,,,x,[2],new)"#,
                ])
        }
    }

    @Test("what cannot be taken stops the sync with its place")
    func places() async throws {
        let cases = [
            ("{\"a\":1}\n{\"a\":\"x\"}\n", ":2:6", "'a' is no integer"), ("{\"a\":1}\n{\"a\":\n", ":2:", "the line is no JSON"),
            ("{\"a\":1}\n[1]\n", ":2:1", "no JSON object"),
            ("{\"a\":\"é\"}\n{\"a\":\"é\\u0000\"}\n", ":2:6", "character zero"),
        ]
        try await withFileSync { files in
            for (text, place, message) in cases {
                try files.scratch.write("t.jsonl", text)
                let error = await connectorError { try await files.sync(["url": "t.jsonl", "infer_rows": 1]) }
                #expect(error.map { "\($0)" }?.contains("t.jsonl\(place)") == true, "\(error as Any)")
                #expect(error?.message.contains(message) == true, "\(error as Any)")
            }
        }
    }

    @Test("invalid UTF-8 is refused, or null and noted")
    func invalidText() async throws {
        try await withFileSync { files in
            let line = Data(#"{"id":1,"s":"a"#.utf8) + Data([0xFF]) + Data("\",\"t\":\"fine\"}\n".utf8)
            try files.scratch.write("t.jsonl", line)
            let error = await connectorError { try await files.sync(["url": "t.jsonl"]) }
            #expect(error?.location?.column == 13 && error?.message == "the value of 's' is not UTF-8", "\(error as Any)")
            try await files.sync(["url": "t.jsonl", "invalid_values": "null"])
            #expect(try await files.rows() == ["(1,,fine)"])
            #expect(try await files.changes()[0].contains("\"s\""))
        }
    }
}
