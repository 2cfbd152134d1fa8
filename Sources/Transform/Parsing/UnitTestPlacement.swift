import Diagnostics
import Documents

/// Finds the models that unit tests are for; a model with versions has one test per version.
enum UnitTestPlacement {
    static func place(_ tests: [UnitTest], in manifest: inout Manifest, world: RenderWorld) throws {
        guard !tests.isEmpty else { return }
        var models: [String: [Node]] = [:]
        for node in manifest.nodes.values where node.resourceType == .model { models[node.name, default: []].append(node) }
        for var test in tests {
            try takeSeeds(into: &test, manifest, world)
            test.checksum = UnitTestChecksum.value(of: test)
            let tested = (models[test.model] ?? []).filter { $0.packageName == test.packageName }
            guard !tested.isEmpty else {
                let isDisabled = manifest.disabled.contains { $0.name == test.model }
                if !isDisabled {
                    throw TransformError(
                        .schema, "the unit test '\(test.name)' is for the model '\(test.model)', which does not exist",
                        location: test.location, hint: Suggestion.hint(for: test.model, in: Array(models.keys)))
                }
                test.config["enabled"] = false
                manifest.disabledUnitTests.append(test)
                continue
            }
            for node in tested where isMeant(node, by: test.versions) { try add(test, for: node, in: &manifest) }
        }
    }

    /// An input without rows has those of the seed that it names.
    private static func takeSeeds(into test: inout UnitTest, _ manifest: Manifest, _ world: RenderWorld) throws {
        for (index, fixture) in test.given.enumerated() where fixture.format == "dict" && fixture.rows.isNull {
            let calls = try ArgumentRenderer.capture(fixture.input ?? "", world: world.scope, at: test.location)
            let seeds = manifest.nodes.values.filter { $0.resourceType == .seed && $0.name == calls.refs.first?.name }
            guard let seed = seeds.first(where: { $0.packageName == test.packageName }) ?? seeds.first else {
                throw TransformError(
                    .schema, "the input \(fixture.input ?? "") of the unit test '\(test.name)' has no rows and is no seed",
                    location: test.location)
            }
            let path = (seed.rootPath ?? "") + "/" + seed.originalPath
            let text = try ProjectFileSystem.text(of: path, calledInErrors: seed.originalPath)
            test.given[index].rows = UnitTestReader.withFullRowFirst(.array(UnitTestReader.rows(csv: text)))
        }
    }

    private static func isMeant(_ node: Node, by versions: JSON) -> Bool {
        guard let version = node.version else { return true }
        if let included = versions["include"]?.array { return included.contains { SchemaFileReader.text($0) == version } }
        if let excluded = versions["exclude"]?.array { return !excluded.contains { SchemaFileReader.text($0) == version } }
        return true
    }

    private static func add(_ test: UnitTest, for node: Node, in manifest: inout Manifest) throws {
        var test = test
        if let version = node.version {
            test.id = NodeID("\(test.id)_v\(version)")
            test.version = version
        }
        test.dependsOnNodes = [node.id]
        test.schema = node.schema
        guard test.config.isEnabled else {
            manifest.disabledUnitTests.append(test)
            return
        }
        if let first = manifest.unitTests[test.id] {
            throw TransformError(
                .duplicate, "two unit tests of '\(test.model)' are called '\(test.name)'", location: test.location,
                hint: "the first one is at \(first.location)")
        }
        manifest.unitTests[test.id] = test
    }
}
