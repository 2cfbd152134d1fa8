import Diagnostics
import Testing

@testable import Services

@Suite("Cutting scripts into statements")
struct ScriptLexerTests {
    static let cases: [(String, [String])] = [
        ("select 1; select 2;", ["select 1", "select 2"]),
        ("select 1; select 2", ["select 1", "select 2"]),
        ("", []),
        (" ; ;; -- nothing\n/* at ; all */", []),
        ("select ';' , 'it''s;', \"a;b\";x", ["select ';' , 'it''s;', \"a;b\"", "x"]),
        (#"select E'\';' ; select 'a\'; select 2"#, [#"select E'\';' "#, #"select 'a\'"#, "select 2"]),
        ("-- a;b\nselect 1 -- c;d\n;", ["select 1 -- c;d\n"]),
        ("/* a /* nested; */ ; */ select 1;", ["select 1"]),
        ("do $$ begin; end; $$; select $1;", ["do $$ begin; end; $$", "select $1"]),
        ("select $a$ ; $$ ; $a$; select $b$", ["select $a$ ; $$ ; $a$", "select $b$"]),
        (
            "create rule r as on insert to t do also (delete from a; delete from b); select 1",
            ["create rule r as on insert to t do also (delete from a; delete from b)", "select 1"]
        ),
        (
            "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3;",
            [
                "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
                "select 3",
            ]
        ),
        ("\\set ON_ERROR_STOP on\nselect 1;\n\\echo done;\nselect 2;", ["select 1", "select 2"]),
        ("\u{FEFF}select 1;", ["select 1"]),
        ("select a.end, start from t; table t;", ["select a.end, start from t", "table t"]),
    ]

    @Test("cuts where psql cuts", arguments: cases)
    func cuts(_ text: String, _ expected: [String]) throws {
        let script = try InitScript("x.sql", bytes: Array(text.utf8))
        let statements: [String] = script.steps.compactMap { if case .statement(let text, _) = $0 { text } else { nil } }
        #expect(statements == expected)
    }

    @Test(
        "says where something stands that scripts may not have",
        arguments: [
            ("select 1;\n  begin;", "x.sql:2:3: begin cannot stand"), ("commit;", "x.sql:1:1: commit cannot stand"),
            ("start transaction;", "start cannot stand"), ("\\i other.sql", "x.sql:1:1: \\i is not supported"),
            ("select 1 \\gexec", "x.sql:1:10: \\gexec cannot stand in a statement"),
            ("\\copy t to 'x'", "only \\copy ... from a file"), ("\\copy (select 1) to 'x'", "only \\copy ... from a file"),
            ("\\copy t from program 'ls'", "needs a file"), ("\\copy t from stdin", "needs a file"),
            ("\\copy t", "needs a table and a file"),
        ])
    func refuses(_ text: String, _ message: String) {
        let error = #expect(throws: ServicesError.self) { _ = try InitScript("x.sql", bytes: Array(text.utf8)) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("takes the rows after copy from stdin as data")
    func inlineData() throws {
        let text = "copy t (a, b) from stdin;\n1\t;\n2\t'\n\\.\nselect 1;"
        let script = try InitScript("x.sql", bytes: Array(text.utf8))
        #expect(script.steps.count == 2)
        guard case .inlineCopy(_, _, let data) = script.steps[0] else { return #expect(Bool(false)) }
        #expect(String(decoding: script.bytes[data], as: UTF8.self) == "1\t;\n2\t'\n")
    }
}
