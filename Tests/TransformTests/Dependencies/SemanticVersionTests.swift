import Testing

@testable import Transform

@Suite("Versions of packages")
struct SemanticVersionTests {
    @Test("versions come in order, prereleases before what they lead to")
    func order() throws {
        let texts = [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc1", "1.0.0", "1.2.0", "1.10.0",
        ]
        let versions = try texts.map { try #require(SemanticVersion($0)) }
        #expect(versions.shuffled().sorted().map(\.text) == texts)
    }

    @Test(
        "a range says which versions would do",
        arguments: [
            ("1.1.1", "1.1.1", true), ("=1.1.1", "1.1.1", true), (">=1.0.0", "1.1.1", true), ("<2.0.0", "2.0.0", false),
            (">1.1.1", "1.1.1", false), ("<=1.1.1", "1.1.1", true), ("nonsense", "1.1.1", false),
        ])
    func ranges(range: String, version: String, fits: Bool) throws {
        #expect(try #require(SemanticVersion(version)).satisfies(range) == fits)
    }

    @Test("what is no version is none", arguments: ["", "one", "1.2.3.4", "1.x"])
    func nonsense(text: String) { #expect(SemanticVersion(text) == nil) }
}
