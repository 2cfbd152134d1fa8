import Diagnostics
import Documents
import TestSupport
import Testing

@testable import Transform

@Suite("Models in Python") struct PythonModelTests {
    private static let code = """
        import pandas as pd  # dbt.ref("in_a_comment")

        def helper(x):
            return x

        def model(dbt, session: "Session" = None):
            \"\"\"dbt.ref('in a text')\"\"\"
            dbt.config(materialized="table", tags=["z"], meta={"a": -1.5, 'b': (True, None)},)
            up = dbt.ref("shop", "a")
            rate = dbt.config.get("rate", 5)
            owner = dbt.config.meta_get('owner')
            joined = helper(up.join([dbt.ref('b' "2", v=1)], key={"x": dbt.source("raw", "t")}))
            return f"{dbt.ref('c')} {rate}"
        """

    private func project(_ code: String, _ more: [String: String] = [:]) throws -> TestProject {
        var files = [
            "models/a.sql": "select 1 as x", "models/c.sql": "select 1 as x", "models/b2_v1.sql": "select 1 as x",
            "models/py/p.py": code,
            "models/s.yml": """
            sources: [{name: raw, tables: [{name: t}]}]
            models: [{name: p, description: A frame., config: {rate: 4}}, {name: b2, versions: [{v: 1}]}]
            """,
        ]
        files.merge(more) { $1 }
        return try TestProject(files)
    }

    @Test("are listed with what their calls of dbt say")
    func listed() async throws {
        let manifest = try await project(Self.code).load().manifest
        let node = try #require(manifest.node("model.shop.p"))
        #expect(node.language == "python")
        #expect(node.path == "py/p.py")
        #expect(node.description == "A frame.")
        #expect(
            Set(node.dependsOnNodes.map(\.rawValue)) == [
                "model.shop.a", "model.shop.b2.v1", "model.shop.c", "source.shop.raw.t",
            ])
        #expect(node.config.materialized == .table)
        #expect(node.config.tags == ["z"])
        #expect(node.config["meta"] == ["a": -1.5, "b": [true, .null]])
        #expect(node.config["rate"] == 4)
        #expect(node.config["config_keys_used"] == ["rate"])
        #expect(node.config["config_keys_defaults"] == [5])
        #expect(node.config["meta_keys_used"] == ["owner"])
        #expect(node.dependsOnMacros.isEmpty)
    }

    @Test(
        "say what dbt cannot read, with file and line",
        arguments: [
            ("def other(dbt, session):\n    return 1", "exactly one model", 1),
            ("def model(dbt, session):\n    return 1\ndef model(dbt, session):\n    return 2", "found 2", 3),
            ("\ndef model(session, dbt):\n    return 1", "as the first argument", 2),
            ("def model(dbt):\n    return 1", "two args", 1),
            ("def model(dbt, session):\n    return dbt.ref(name)", "must be literals", 2),
            ("def model(dbt, session):\n    x = 'open\n", "does not end", 2),
            ("def model(dbt, session):\n    return dbt.ref('a'", "is not closed", 2),
            ("def model(dbt, session):\n    return '{{ x }}'", "No jinja", 2),
            ("def model(dbt, session):\n    dbt.config.get()\n", "at least one argument", 2),
        ])
    func mistakes(_ code: String, _ words: String, _ line: Int) async throws {
        let project = try project(code)
        let error = await #expect(throws: TransformError.self) { try await project.load() }
        #expect(error?.message.contains(words) ?? false, "\(error?.message ?? "")")
        #expect(error?.location?.file == "models/py/p.py")
        #expect(error?.location?.line == line)
    }

    @Test("fail when they are to run, as with dbt-postgres, and hold back what reads them")
    func run() async throws {
        try await withTestDatabase { database in
            let project = try TestProject(
                [
                    "models/p.py": "def model(dbt, session):\n    dbt.config(materialized='table')\n    return dbt.ref('a')",
                    "models/a.sql": "select 1 as x", "models/b.sql": "select * from {{ ref('p') }}",
                ], database: database.options)
            let results = try await project.run(.run)
            #expect(results.statuses == ["a": .success, "p": .error, "b": .skipped])
            #expect(results.result("p")?.message?.contains("only supports languages ['sql']; got \"python\"") ?? false)
        }
    }
}
