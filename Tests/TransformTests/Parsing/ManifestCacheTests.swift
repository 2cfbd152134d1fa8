import Documents
import Foundation
import Testing

@testable import Transform

@Suite("The cache of the manifest") struct ManifestCacheTests {
    private static let files = [
        "models/a.sql": "{{ config(tags=['x'], meta={'k': [1, 2.5, none]}) }} select {{ env_var('COLOR', 'red') }} as c",
        "models/b.sql": "select * from {{ ref('a') }} join {{ source('s', 't') }} using (c)",
        "models/off.sql": "{{ config(enabled=false) }} select 1",
        "models/schema.yml": """
        models:
          - name: a
            description: "{{ doc('note') }}"
            columns: [{name: c, data_type: text, data_tests: [unique, {accepted_values: {arguments: {values: [red, 1]}}}]}]
        sources: [{name: s, tables: [{name: t, loaded_at_field: x, freshness: {warn_after: {count: 1, period: day}}}]}]
        exposures: [{name: e, type: dashboard, owner: {name: o}, depends_on: ["ref('b')"]}]
        unit_tests: [{name: u, model: b, given: [{input: ref('a'), rows: [{c: red}]}], expect: {rows: []}}]
        groups: [{name: g, owner: {name: o}}]
        """,
        "models/docs.md": "{% docs note %}A note.{% enddocs %}",
    ]

    private func manifest(of session: TransformSession) throws -> JSON {
        try session.writeManifest()
        var json = try JSON(parsing: ProjectFileSystem.bytes(of: session.targetFolder + "/manifest.json"))
        guard case .object(var members) = json else { return json }
        members["metadata"] = nil
        json = .object(members)
        return json
    }

    private func cache(of session: TransformSession) -> String { session.targetFolder + "/leat_manifest.bin" }

    @Test("gives back the manifest that was read")
    func whole() async throws {
        let project = try TestProject(Self.files)
        let first = try await project.load()
        let before = try manifest(of: first)
        let loaded = try #require(first.manifestCache?.load())
        #expect(loaded.nodes.keys == first.manifest.nodes.keys)
        let written = ManifestCoder.bytes(of: loaded)
        // The order of patches of macros is not kept; everything else comes back byte by byte.
        #expect(written.count == ManifestCoder.bytes(of: first.manifest).count)
        try FileManager.default.removeItem(atPath: first.targetFolder + "/manifest.json")
        let again = try manifest(of: try await project.load())
        for key in ["nodes", "sources", "exposures", "unit_tests", "disabled", "parent_map", "child_map", "docs", "groups"] {
            #expect(again[key] == before[key], "\(key)")
        }
    }

    @Test("counts no more once a file, a variable of the environment or --vars has changed")
    func changes() async throws {
        let project = try TestProject(Self.files)
        let first = try await project.load()
        try first.writeManifest()
        let key = try #require(first.manifestCache?.fingerprint)
        #expect(try await project.load().manifestCache?.fingerprint == key)
        #expect(try await project.load { $0.environment["OTHER"] = "x" }.manifestCache?.fingerprint == key)
        #expect(try await project.load { $0.environment["COLOR"] = "blue" }.manifestCache?.fingerprint != key)
        #expect(try await project.load { $0.vars = JSON.Members(pairs: [("x", 1)]) }.manifestCache?.fingerprint != key)
        try "select 2".write(toFile: project.folder + "/models/new.sql", atomically: true, encoding: .utf8)
        #expect(try await project.load().manifest.nodes["model.shop.new"] != nil)
    }

    @Test("is as good as nothing where it is damaged", arguments: [0, 20, 60, 500])
    func damaged(_ offset: Int) async throws {
        let project = try TestProject(Self.files)
        let first = try await project.load()
        try first.writeManifest()
        var bytes = try ProjectFileSystem.bytes(of: cache(of: first))
        bytes[offset] ^= 0x5A
        try ProjectFileSystem.write(bytes, to: cache(of: first))
        #expect(first.manifestCache?.load() == nil)
        try ProjectFileSystem.write(Array(bytes[..<(bytes.count / 2)]), to: cache(of: first))
        #expect(try await project.load().manifest.nodes.keys == first.manifest.nodes.keys)
    }

    @Test("any bytes after the header are read without a crash")
    func garbage() throws {
        var state: UInt64 = 42
        for length in 0..<300 {
            let bytes = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 40) & 0x0F
            }
            bytes.withUnsafeBytes { _ = try? ManifestCoder.manifest(from: $0) }
        }
    }
}
