import Documents

/// A unit test as manifest.json has it.
enum UnitTestArtifact {
    static func json(of test: UnitTest) -> JSON {
        .object(
            JSON.Members(pairs: [
                ("model", .string(test.model)), ("given", .array(test.given.map(json))), ("expect", json(of: test.expect)),
                ("name", .string(test.name)), ("resource_type", "unit_test"), ("package_name", .string(test.packageName)),
                ("path", .string(test.path)), ("original_file_path", .string(test.originalPath)),
                ("unique_id", .string(test.id.rawValue)), ("fqn", NodeArtifact.strings(test.fqn)),
                ("description", .string(test.description)), ("overrides", test.overrides),
                ("depends_on", ["macros": [], "nodes": .array(test.dependsOnNodes.map { .string($0.rawValue) })]),
                ("config", .object(test.config.values)), ("checksum", .string(test.checksum)),
                ("schema", NodeArtifact.optional(test.schema)), ("created_at", .double(test.createdAt)),
                ("versions", test.versions), ("version", test.version.map(RefCall.versionJSON) ?? .null),
            ]))
    }

    private static func json(of fixture: UnitTest.Fixture) -> JSON {
        var members = JSON.Members()
        if let input = fixture.input { members.append("input", .string(input)) }
        members.append("rows", fixture.rows)
        members.append("format", .string(fixture.format))
        members.append("fixture", NodeArtifact.optional(fixture.file))
        return .object(members)
    }
}
