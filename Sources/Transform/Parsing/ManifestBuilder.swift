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
    private var patches: [String: NodePatch] = [:]
    /// What schema files say about versions of models, by package.
    private var versionPatches: [String: [NodePatch]] = [:]

    init(world: RenderWorld, packages: [Package]) {
        self.world = world
        self.packages = packages
        resolver = ConfigResolver(root: world.root, packages: world.packages)
        now = world.scope.invocation.startedAt.secondsSince1970
        manifest = Manifest(projectName: world.root.name)
    }

    mutating func build() async throws -> Manifest {
        var schemas: [SchemaFile] = []
        for package in packages {
            manifest.docs += try DocsReader.read(package)
            schemas += try await readSchemas(package, overrides: schemas.flatMap(\.sourceOverrides))
        }
        warnOfIdleOverrides(schemas)
        try collectPatches(schemas)
        for package in packages { try await readNodes(package) }
        try addSources(schemas)
        try nameNodes()
        try await addTests(schemas)
        try addHooks()
        for schema in schemas {
            for exposure in schema.exposures {
                if exposure.config.isEnabled {
                    manifest.exposures[exposure.id] = exposure
                } else {
                    manifest.disabledExposures.append(exposure)
                }
            }
            manifest.groups += schema.groups
            try addSemantics(of: schema)
        }
        try UnitTestPlacement.place(schemas.flatMap(\.unitTests), in: &manifest, world: world)
        manifest.warnings += unusedPatches() + schemas.flatMap(\.warnings) + world.root.definition.warnings
        var linker = ManifestLinker(manifest, world: world)
        // The linker changes its nodes where they are, as nobody else holds them.
        manifest = Manifest(projectName: world.root.name)
        var linked = try linker.link()
        linked.warnings += ProjectReview(linked, world: world).warnings
        return linked
    }

    private mutating func addSemantics(of schema: SchemaFile) throws {
        // What a model says of itself counts where there is such a model; its versions share it.
        var semantics = schema.semantics
        for patch in schema.patches where !patch.semantics.isEmpty {
            let suffix = patch.version.map { ".v" + $0 } ?? ""
            let isLatest = patch.version == patch.latestVersion || patch.version == nil
            if isLatest, manifest.nodes[NodeID("model.\(patch.file.package).\(patch.name)\(suffix)")] != nil {
                semantics += patch.semantics
            }
        }
        for resource in semantics {
            guard resource.config.isEnabled else {
                manifest.disabledSemantics.append(resource)
                continue
            }
            if let first = manifest.semantics[resource.id] {
                let kind = resource.resourceType.rawValue.replacing("_", with: " ")
                throw TransformError(
                    .duplicate, "two \(kind)s are called '\(resource.name)'", location: resource.location,
                    hint: "the first one is at \(first.location); rename one of them")
            }
            manifest.semantics[resource.id] = resource
        }
    }

    private mutating func warnOfIdleOverrides(_ schemas: [SchemaFile]) {
        let known = Set(schemas.flatMap(\.sources).map { "\($0.definition.packageName).\($0.definition.sourceName)" })
        for override in schemas.flatMap(\.sourceOverrides) where !known.contains("\(override.package).\(override.source)") {
            manifest.warnings.append(
                .init(
                    event: .unusedTables,
                    message: "there is no source '\(override.source)' in the package '\(override.package)' to override",
                    location: override.location))
        }
    }

    /// - Parameter overrides: what the packages before this one say about sources of others.
    private func readSchemas(_ package: Package, overrides: [SourceOverride]) async throws -> [SchemaFile] {
        var scope = world.scope
        scope.package = package.name
        var reader = SchemaFileReader(
            package: package, renderer: YAMLRenderer(scope: scope), resolver: resolver, profile: world.profile, now: now)
        reader.sourceOverrides = overrides.filter { $0.package == package.name }
        let files = package.files(in: package.definition.allSourcePaths, withExtensions: ["yml", "yaml"])
        return try await Parallel.map(files, chunk: 4) { [reader] in try reader.read($0) }.compactMap { $0 }
    }

    private mutating func collectPatches(_ schemas: [SchemaFile]) throws {
        for schema in schemas {
            for patch in schema.patches + schema.dataTests {
                if patch.version != nil {
                    versionPatches[patch.file.package, default: []].append(patch)
                    continue
                }
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

    /// Finds the file of each version of a model.
    private mutating func placeVersions(of package: Package, among stems: Set<String>) throws {
        for patch in versionPatches[package.name] ?? [] {
            guard let stem = patch.stems.first(where: stems.contains) else {
                let version = patch.version ?? ""
                manifest.warnings.append(
                    .init(
                        event: .noNodeForYAMLKey,
                        message: "there is no file \(patch.stems[0]).sql for version \(version) of '\(patch.name)'",
                        location: patch.location))
                continue
            }
            if let first = patches.updateValue(patch, forKey: "models.\(package.name).\(stem)") {
                throw TransformError(
                    .duplicate, "the model '\(stem)' is described twice", location: patch.location,
                    hint: "the first one is at \(first.location); put both together")
            }
        }
    }

    private func patch(_ key: String, _ package: String, _ name: String) -> NodePatch? { patches["\(key).\(package).\(name)"] }

    private mutating func readNodes(_ package: Package) async throws {
        let definition = package.definition
        let parser = NodeParser(world: world, resolver: resolver, now: now)
        var work: [(file: PackageFile, type: ResourceType, patch: NodePatch?)] = []
        let models = package.files(in: definition.modelPaths, withExtensions: ["sql", "py"])
        try placeVersions(of: package, among: Set(models.map(\.stem)))
        for file in models {
            work.append((file, .model, patch("models", package.name, file.stem)))
        }
        for file in package.files(in: definition.analysisPaths, withExtensions: ["sql"]) {
            work.append((file, .analysis, patch("analyses", package.name, file.stem)))
        }
        // What generic tests are made of, and rows for unit tests, stand in folders of these names.
        for file in package.files(in: definition.testPaths, withExtensions: ["sql"])
        where !file.path.hasPrefix("generic/") && !file.path.hasPrefix("fixtures/") {
            work.append((file, .test, patch("data_tests", package.name, file.stem)))
        }
        for file in package.files(in: definition.functionPaths, withExtensions: ["sql", "py", "js"]) {
            work.append((file, .function, patch("functions", package.name, file.stem)))
        }
        for result in try await Parallel.map(work, chunk: 64, { try parser.parse($0.file, as: $0.type, patch: $0.patch) }) {
            try add(result)
        }
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
        for patch in patches.values.filter({ $0.relation != nil && $0.file.package == package.name })
            .sorted(by: { "\($0.location)" < "\($1.location)" })
        {
            try add(parser.parse(snapshotOf: patch.relation ?? "", patch: patch))
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
        func name(_ node: inout Node) throws {
            let generator = generators[node.packageName] ?? NameGenerator(world: world, package: node.packageName)
            generators[node.packageName] = generator
            try generator.name(&node)
        }
        for index in manifest.nodes.values.indices { try manifest.nodes.update(at: index) { try name(&$0) } }
        for index in manifest.disabled.indices { try name(&manifest.disabled[index]) }
    }

    private mutating func addTests(_ schemas: [SchemaFile]) async throws {
        var work: [GenericTestParser.Task] = []
        for schema in schemas {
            let folders = schema.file.folders
            for patch in schema.patches {
                let target = GenericTestBuilder.Target.node(patch, version: patch.version)
                for test in patch.tests {
                    work.append(.init(test: test, target: target, file: schema.file, folders: folders, tags: []))
                }
            }
        }
        for schema in schemas {
            let folders = schema.file.folders
            for source in schema.sources where manifest.sources[source.definition.id] != nil {
                let target = GenericTestBuilder.Target.source(source.definition)
                for test in source.tests {
                    work.append(
                        .init(test: test, target: target, file: schema.file, folders: folders, tags: source.testTags))
                }
            }
        }
        manifest.nodes.reserveCapacity(manifest.nodes.count + work.count)
        let read = manifest
        let results = try await Parallel.mapChunks(work, chunk: 256) { [world, resolver, now] chunk in
            var parser = GenericTestParser(world: world, resolver: resolver, now: now)
            return try chunk.map { task in
                let node = try parser.parse(task, manifest: read)
                defer { parser.warnings = [] }
                return (node: node, warnings: parser.warnings)
            }
        }
        for result in results {
            try add(result.node)
            manifest.warnings += result.warnings
        }
    }

    private mutating func addHooks() throws {
        let parser = NodeParser(world: world, resolver: resolver, now: now)
        for package in packages {
            let hasHooks = !(package.definition.onRunStart.isEmpty && package.definition.onRunEnd.isEmpty)
            let checksum = try hasHooks ? projectChecksum(package) : .none
            for (kind, hooks) in [("start", package.definition.onRunStart), ("end", package.definition.onRunEnd)] {
                for (index, sql) in hooks.enumerated() {
                    let name = "\(package.name)-on-run-\(kind)-\(index)"
                    let fqn = [package.name, "hooks", name]
                    let (config, unrendered) = resolver.resolve(.operation, fqn: fqn, package: package.name)
                    var node = Node(
                        id: NodeID("operation.\(package.name).\(name)"), name: name, resourceType: .operation,
                        packageName: package.name, path: "hooks/\(name).sql", originalPath: "./dbt_project.yml", rawCode: sql,
                        fqn: fqn, alias: name, schema: world.profile.credentials.schema,
                        database: world.profile.credentials.database, relationName: nil, checksum: checksum,
                        config: config,
                        location: SourceLocation(file: package.displayPrefix + "dbt_project.yml"))
                    node.tags = ["on-run-\(kind)"] + config.tags
                    node.meta = config.meta
                    node.unrenderedConfig = unrendered
                    node.index = index
                    node.createdAt = now
                    try parser.takeCalls(of: sql, into: &node)
                    manifest.operations.append(node)
                }
            }
        }
    }

    private func projectChecksum(_ package: Package) throws -> Checksum {
        let path = package.folder + "/dbt_project.yml"
        return Checksum.normalized(
            try ProjectFileSystem.text(of: path, calledInErrors: package.displayPrefix + "dbt_project.yml"))
    }

    /// Entries of schema files for which there is no file.
    private func unusedPatches() -> [Manifest.Warning] {
        let types: [String: [ResourceType]] = [
            "models": [.model], "seeds": [.seed], "snapshots": [.snapshot], "analyses": [.analysis], "data_tests": [.test],
            "functions": [.function],
        ]
        let disabled = Set(manifest.disabled.map(\.id))
        let unused = patches.values.filter { patch in
            let suffix = patch.version.map { ".v" + $0 } ?? ""
            return !(types[patch.key] ?? []).contains { type in
                let id = NodeID("\(type.rawValue).\(patch.file.package).\(patch.name)\(suffix)")
                return manifest.nodes.index(of: id) != nil || disabled.contains(id)
            }
        }
        return unused.sorted { "\($0.location)" < "\($1.location)" }.map { patch in
            let names = manifest.nodes.values.filter { types[patch.key]?.contains($0.resourceType) ?? false }.map(\.name)
            return .init(
                event: .noNodeForYAMLKey,
                message: "Did not find matching node for patch with name '\(patch.name)' in the '\(patch.key)' section",
                location: patch.location, hint: Suggestion.hint(for: patch.name, in: names))
        }
    }
}
