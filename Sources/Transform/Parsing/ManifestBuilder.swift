import Diagnostics
import Documents
import Jinja

/// Reads a project and its packages into a manifest.
struct ManifestBuilder {
    let world: RenderWorld
    let packages: [Package]
    private let resolver: ConfigResolver
    private let now: Double
    private var manifest: Manifest
    private var templates: [NodeID: Template] = [:]
    private var patches: [String: NodePatch] = [:]

    init(world: RenderWorld, packages: [Package]) {
        self.world = world
        self.packages = packages
        resolver = ConfigResolver(root: world.root, packages: world.packages)
        now = world.scope.invocation.startedAt.secondsSince1970
        manifest = Manifest(projectName: world.root.name)
    }

    /// What reading gives: the manifest, and the templates of its nodes for compiling.
    struct Output: Sendable {
        var manifest: Manifest
        var templates: [NodeID: Template]
    }

    mutating func build() async throws -> Output {
        var schemas: [SchemaFile] = []
        for package in packages {
            manifest.docs += try DocsReader.read(package)
            schemas += try readSchemas(package)
        }
        try collectPatches(schemas)
        for package in packages { try await readNodes(package) }
        try addSources(schemas)
        try nameNodes()
        try addTests(schemas)
        addHooks()
        for schema in schemas {
            for exposure in schema.exposures where exposure.config.isEnabled { manifest.exposures[exposure.id] = exposure }
            manifest.groups += schema.groups
        }
        manifest.warnings += unusedPatches()
        var linker = ManifestLinker(manifest, world: world)
        return Output(manifest: try linker.link(), templates: templates)
    }

    private func readSchemas(_ package: Package) throws -> [SchemaFile] {
        var scope = world.scope
        scope.package = package.name
        let reader = SchemaFileReader(
            package: package, renderer: YAMLRenderer(scope: scope), resolver: resolver, profile: world.profile, now: now)
        return try package.files(in: package.definition.allSourcePaths, withExtensions: ["yml", "yaml"]).compactMap(reader.read)
    }

    private mutating func collectPatches(_ schemas: [SchemaFile]) throws {
        for schema in schemas {
            for patch in schema.patches + schema.dataTests {
                let key = "\(patch.key).\(patch.file.package).\(patch.name)"
                if let first = patches.updateValue(patch, forKey: key) {
                    throw TransformError(
                        .duplicate, "'\(patch.name)' is described twice under '\(patch.key)'", location: patch.location,
                        hint: "the first one is at \(first.location); put both together")
                }
            }
            for macro in schema.macros { manifest.macroPatches["macro.\(schema.file.package).\(macro.name)"] = macro }
        }
    }

    private func patch(_ key: String, _ package: String, _ name: String) -> NodePatch? { patches["\(key).\(package).\(name)"] }

    private mutating func readNodes(_ package: Package) async throws {
        let definition = package.definition
        let parser = NodeParser(world: world, resolver: resolver, now: now)
        var work: [(file: PackageFile, type: ResourceType, patch: NodePatch?)] = []
        for file in package.files(in: definition.modelPaths, withExtensions: ["sql"]) {
            work.append((file, .model, patch("models", package.name, file.stem)))
        }
        for file in package.files(in: definition.analysisPaths, withExtensions: ["sql"]) {
            work.append((file, .analysis, patch("analyses", package.name, file.stem)))
        }
        for file in package.files(in: definition.testPaths, withExtensions: ["sql"]) where !file.path.hasPrefix("generic/") {
            work.append((file, .test, patch("data_tests", package.name, file.stem)))
        }
        for result in try await parse(work, with: parser) { try add(result) }
        for file in package.files(in: definition.seedPaths, withExtensions: ["csv"]) {
            try add(.init(node: parser.parse(seed: file, patch: patch("seeds", package.name, file.stem)), template: nil))
        }
        for file in package.files(in: definition.snapshotPaths, withExtensions: ["sql"]) {
            let text = try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath)
            for block in BlockScanner.blocks(in: text, kinds: ["snapshot"]) {
                let patch = patch("snapshots", package.name, block.name)
                try add(parser.parse(snapshot: block, in: text, file: file, patch: patch))
            }
        }
    }

    /// Parses files on all cores where there are enough of them.
    private func parse(
        _ work: [(file: PackageFile, type: ResourceType, patch: NodePatch?)], with parser: NodeParser
    ) async throws -> [NodeParser.Result] {
        let chunkSize = 64
        if work.count <= chunkSize { return try work.map { try parser.parse($0.file, as: $0.type, patch: $0.patch) } }
        return try await withThrowingTaskGroup(of: (Int, [NodeParser.Result]).self) { group in
            for start in stride(from: 0, to: work.count, by: chunkSize) {
                let chunk = work[start..<min(start + chunkSize, work.count)]
                group.addTask { @concurrent in
                    (start, try chunk.map { try parser.parse($0.file, as: $0.type, patch: $0.patch) })
                }
            }
            var parts: [(Int, [NodeParser.Result])] = []
            for try await part in group { parts.append(part) }
            return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private mutating func add(_ result: NodeParser.Result) throws {
        let node = result.node
        if !node.config.isEnabled {
            manifest.disabled.append(node)
            return
        }
        if let first = manifest.nodes[node.id] {
            throw TransformError(
                .duplicate, "two \(node.resourceType.rawValue)s are called '\(node.name)'", location: node.location,
                hint: "the first one is \(world.displayPath(of: first)); rename one of them")
        }
        manifest.nodes[node.id] = node
        if let template = result.template { templates[node.id] = template }
    }

    private mutating func addSources(_ schemas: [SchemaFile]) throws {
        for source in schemas.flatMap(\.sources).map(\.definition) {
            if !source.config.isEnabled {
                manifest.disabledSources.append(source)
                continue
            }
            if let first = manifest.sources[source.id] {
                throw TransformError(
                    .duplicate, "the source table '\(source.sourceName).\(source.name)' is described twice",
                    location: source.location,
                    hint: "the first one is at \(first.location)")
            }
            manifest.sources[source.id] = source
        }
    }

    private mutating func nameNodes() throws {
        var generators: [String: NameGenerator] = [:]
        for id in manifest.nodes.keys {
            try manifest.nodes.update(id) { node in
                let generator = generators[node.packageName] ?? NameGenerator(world: world, package: node.packageName)
                generators[node.packageName] = generator
                try generator.name(&node)
            }
        }
    }

    private mutating func addTests(_ schemas: [SchemaFile]) throws {
        var parser = GenericTestParser(world: world, resolver: resolver, now: now)
        for schema in schemas {
            for patch in schema.patches {
                for test in patch.tests {
                    try add(parser.parse(test, of: .node(patch, version: nil), file: schema.file, tags: [], manifest: manifest))
                }
            }
        }
        for schema in schemas {
            for source in schema.sources where manifest.sources[source.definition.id] != nil {
                for test in source.tests {
                    try add(
                        parser.parse(
                            test, of: .source(source.definition), file: schema.file, tags: source.testTags, manifest: manifest))
                }
            }
        }
    }

    private mutating func addHooks() {
        for package in packages {
            for (kind, hooks) in [("start", package.definition.onRunStart), ("end", package.definition.onRunEnd)] {
                for (index, sql) in hooks.enumerated() {
                    let name = "\(package.name)-on-run-\(kind)-\(index)"
                    var node = Node(
                        id: NodeID("operation.\(package.name).\(name)"), name: name, resourceType: .operation,
                        packageName: package.name, path: "hooks/\(name).sql", originalPath: "./dbt_project.yml", rawCode: sql,
                        fqn: [package.name, "hooks", name], alias: name, schema: world.profile.credentials.schema,
                        database: world.profile.credentials.database, relationName: nil, checksum: Checksum.sha256(of: sql),
                        config: NodeConfig.defaults(for: .operation),
                        location: SourceLocation(file: package.displayPrefix + "dbt_project.yml"))
                    node.tags = ["on-run-\(kind)"]
                    node.index = index
                    node.createdAt = now
                    manifest.operations.append(node)
                }
            }
        }
    }

    /// Entries of schema files for which there is no file.
    private func unusedPatches() -> [Manifest.Warning] {
        let types: [String: [ResourceType]] = [
            "models": [.model], "seeds": [.seed], "snapshots": [.snapshot], "analyses": [.analysis], "data_tests": [.test],
        ]
        let disabled = Set(manifest.disabled.map(\.id))
        return patches.values.sorted { "\($0.location)" < "\($1.location)" }.compactMap { patch in
            let ids = (types[patch.key] ?? []).map { NodeID("\($0.rawValue).\(patch.file.package).\(patch.name)") }
            guard !ids.contains(where: { manifest.nodes[$0] != nil || disabled.contains($0) }) else { return nil }
            let names = manifest.nodes.values.filter { types[patch.key]?.contains($0.resourceType) ?? false }.map(\.name)
            let hint = Suggestion.hint(for: patch.name, in: names).map { " (\($0))" } ?? ""
            return .init(
                message: "there is no \(patch.key.dropLast()) '\(patch.name)' to describe\(hint)", location: patch.location)
        }
    }
}
