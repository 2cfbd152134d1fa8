import Documents
import Jinja

/// The fingerprint of a unit test: of what Python prints for dbt's objects.
enum UnitTestChecksum {
    static func value(of test: UnitTest) -> String {
        var text = "\(test.model)-\(versions(test.versions))-[\(test.given.map(described).joined(separator: ", "))]"
        text += "-\(described(test.expect))-\(overrides(test.overrides))"
        for fixture in test.given where fixture.file != nil { text += "-" + (fixture.rows.string ?? python(fixture.rows)) }
        return Checksum.sha256(of: text).value
    }

    private static func described(_ fixture: UnitTest.Fixture) -> String {
        let name = fixture.input == nil ? "UnitTestOutputFixture(" : "UnitTestInputFixture(input=\(python(fixture.input)), "
        let format = ["csv": "CSV", "dict": "Dict", "sql": "SQL"][fixture.format] ?? fixture.format
        return name + "rows=\(python(fixture.rows)), format=<UnitTestFormat.\(format): '\(fixture.format)'>, "
            + "fixture=\(python(fixture.file)))"
    }

    private static func versions(_ value: JSON) -> String {
        guard value.object != nil else { return "None" }
        return "UnitTestNodeVersions(include=\(python(value["include"] ?? .null)), exclude=\(python(value["exclude"] ?? .null)))"
    }

    private static func overrides(_ value: JSON) -> String {
        guard value.object != nil else { return "None" }
        let fields = ["macros", "vars", "env_vars"].map { "\($0)=\(python(value[$0] ?? [:]))" }
        return "UnitTestOverrides(\(fields.joined(separator: ", ")))"
    }

    private static func python(_ text: String?) -> String { python(text.map(JSON.string) ?? .null) }
    private static func python(_ value: JSON) -> String { Value(value).pythonRepr }
}
