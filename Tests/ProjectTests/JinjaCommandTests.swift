import Foundation
import Testing

/// `leat jinja`, as a person who debugs a template uses it.
@Suite("leat jinja")
struct JinjaCommandTests {
    /// Runs the command in a folder with the given files.
    private func run(
        _ arguments: [String], files: [String: String] = [:], input: String? = nil
    ) async throws -> LeatProcess.Ended {
        let folder = FileManager.default.temporaryDirectory.appending(path: "leat-jinja-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        return try await LeatProcess.run(["jinja"] + arguments, in: folder, input: input)
    }

    @Test("renders a file with variables, and what it includes and imports, exactly")
    func renders() async throws {
        let ended = try await run(
            ["render", "a.txt", "--vars", "v.json"],
            files: [
                "a.txt": "{% import 'lib/m.txt' as m %}{{ m.hi(name) }}{% include 'b.txt' %}{{ list | sum }} {{ none_ is none }}",
                "lib/m.txt": "{% macro hi(n) %}Hi {{ n }}!{% endmacro %}", "b.txt": " b{{ list }} ",
                "v.json": #"{"name": "Zoë", "list": [1, 2.5, 3], "none_": null}"#,
            ])
        #expect(ended.output == "Hi Zoë! b[1, 2.5, 3] 6.5 True")
        #expect(ended.status == 0, "\(ended.errors)")
    }

    @Test("an error names template, line and column, shows the line with a caret, and the calls that led there")
    func errors() async throws {
        let template =
            "{% macro inner(x) %}\n  {{ x.a.b }}\n{% endmacro %}\n{% macro outer() %}{{ inner({}) }}{% endmacro %}\n{{ outer() }}"
        let ended = try await run(["render", "t.sql"], files: ["t.sql": template])
        #expect(ended.status == 1)
        for text in [
            "'dict object' has no attribute 'a'", "t.sql:2:", "    {{ x.a.b }}", "^", "inner (t.sql:4)", "outer (t.sql:5)",
        ] {
            #expect(ended.errors.contains(text), "\(text) is missing in:\n\(ended.errors)")
        }
        let syntax = try await run(["render", "t.sql"], files: ["t.sql": "select\n{% if x %}\n"])
        #expect(syntax.status == 1)
        for text in ["'elif' or 'else' or 'endif'", "innermost block that needs to be closed is 'if'", "t.sql:"] {
            #expect(syntax.errors.contains(text), "\(text) is missing in:\n\(syntax.errors)")
        }
    }

    @Test(
        "limits stop a template with an error, and can be raised and lowered",
        arguments: [
            (["--max-steps", "10"], "{% for i in range(100) %}{% endfor %}", "10 steps"),
            (["--max-output-bytes", "10"], "{% for i in range(100) %}{{ i }}{% endfor %}", "10 bytes"),
            (["--max-depth", "5"], "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested too deeply"),
            (["--max-depth", "1000000000"], "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nested too deeply"),
            (["--max-range", "5"], "{{ range(6) | list }}", "5"),
        ])
    func limits(options: [String], template: String, text: String) async throws {
        let ended = try await run(["render", "t.txt"] + options, files: ["t.txt": template])
        #expect(ended.status == 1)
        #expect(!ended.wasKilled)
        #expect(ended.errors.contains(text), "\(ended.errors)")
    }

    @Test("calls may be as deep as they are allowed to, with the stack that they need")
    func deepCalls() async throws {
        let calls = "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{% else %}done{% endif %}{% endmacro %}{{ m(3000) }}"
        #expect(try await run(["render", "t", "--max-depth", "3010"], files: ["t": calls]).output == "done")
    }

    @Test("a pipe is a file like others, and without a standard input there is nothing to read")
    func pipes() async throws {
        let pipe = try await run(["render", "/dev/stdin", "--vars", "v"], files: ["v": #"{"x": 1}"#], input: "{{ x }}")
        #expect(pipe.output == "1")
        let none = try await LeatProcess(
            ["-c", "exec '\(LeatProcess.binary.path)' jinja render - <&-"], in: FileManager.default.temporaryDirectory,
            binary: URL(filePath: "/bin/sh")
        ).ended()
        #expect(none.status == 0, "\(none.errors)")
    }

    @Test("native gives the value, and the syntax options reach the environment")
    func options() async throws {
        #expect(try await run(["render", "t", "--native"], files: ["t": "{{ [1, 'a'] }}"]).output == "[1, 'a']\n")
        #expect(try await run(["render", "t", "--autoescape"], files: ["t": "{{ '<' }}"]).output == "&lt;")
        #expect(try await run(["render", "t", "--undefined", "strict"], files: ["t": "{{ x }}"]).status == 1)
        let lines = try await run(
            ["render", "t", "--line-statement-prefix", "#", "--keep-trailing-newline"],
            files: ["t": "# for i in range(2)\n{{ i }}\n# endfor\n"])
        #expect(lines.output == "0\n1\n")
    }

    @Test(
        "what is used wrongly ends with 2",
        arguments: [
            ["render", "missing.txt"], ["render", "t", "--vars", "bad.json"], ["render", "t", "--vars", "list.json"],
            ["render", "t", "--max-steps", "0"], ["render", "-", "--vars", "-"], ["check", "nowhere"],
        ])
    func usedWrongly(arguments: [String]) async throws {
        let ended = try await run(arguments, files: ["t": "", "bad.json": "{", "list.json": "[]"])
        #expect(ended.status == 2, "\(ended.errors)")
        #expect(!ended.errors.isEmpty)
    }

    @Test("check parses whole folders, with dbt's tags when asked")
    func checks() async throws {
        let files = ["p/a.sql": "{% test t(model) %}select 1{% endtest %}", "p/deep/b.sql": "{{ 1 }}", "p/c.txt": "{{"]
        let plain = try await run(["check", "p"], files: files)
        #expect(plain.status == 1)
        #expect(plain.errors.contains("Encountered unknown tag 'test'"))
        let dbt = try await run(["check", "p", "--dbt"], files: files)
        #expect(dbt.status == 0, "\(dbt.errors)")
        #expect(dbt.output == "2 templates, all well\n")
    }
}
