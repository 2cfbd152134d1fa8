/// Brings a manifest up to date after nothing but the texts of some models has changed.
///
/// Only these are read. That is enough while what others know of a model stays as it was: its names, its group, whether it
/// is there. Whatever is not so plain (versions, unit tests, mistakes) is left to reading the whole project.
struct ManifestUpdate {
    private let old: Manifest
    private let world: RenderWorld
    private let packages: [Package]
    private let resolver: ConfigResolver

    init(_ manifest: Manifest, world: RenderWorld, packages: [Package]) {
        old = manifest
        self.world = world
        self.packages = packages
        resolver = ConfigResolver(root: world.root, packages: world.packages)
    }

    /// - Parameter files: the models that have changed.
    /// - Returns: nil where the whole project has to be read.
    func manifest(reading files: [PackageFile]) throws -> Manifest? {
        // The review comes last and looks at everything, so it is done again.
        let review = ProjectReview(old, world: world).warnings
        guard old.warnings.suffix(review.count) == review[...] else { return nil }
        let parser = NodeParser(
            world: world, resolver: resolver, now: world.scope.invocation.startedAt.secondsSince1970)
        let tested = Set(old.unitTests.values.flatMap(\.dependsOnNodes))
        var generators: [String: NameGenerator] = [:]
        var schemas: [String: SchemaFile] = [:]
        var linker = ManifestLinker(old, world: world)
        for file in files {
            let id = NodeID("model.\(file.package).\(file.stem)")
            guard let before = old.node(id), before.originalPath == file.originalPath, before.version == nil,
                before.latestVersion == nil, !tested.contains(id)
            else { return nil }
            var patch: NodePatch?
            if let path = before.patchPath {
                guard let found = try self.patch(of: id, named: before.name, at: path, in: &schemas) else { return nil }
                patch = found
            }
            var node = try parser.parse(file, as: .model, patch: patch).node
            let generator = generators[node.packageName] ?? NameGenerator(world: world, package: node.packageName)
            generators[node.packageName] = generator
            try generator.name(&node)
            guard Self.isSameToOthers(node, before) else { return nil }
            // What schema files say has not changed, and is linked and rendered already.
            (node.description, node.docBlocks) = (before.description, before.docBlocks)
            (node.columns, node.constraints, node.primaryKey) = (before.columns, before.constraints, before.primaryKey)
            try linker.replace(node)
        }
        var manifest = linker.result
        manifest.warnings.removeLast(review.count)
        manifest.warnings += ProjectReview(manifest, world: world).warnings
        return manifest
    }

    /// Whether nothing has changed that goes into anything else than the node itself.
    private static func isSameToOthers(_ node: Node, _ before: Node) -> Bool {
        node.id == before.id && node.config.isEnabled && before.config.isEnabled && node.alias == before.alias
            && node.schema == before.schema && node.database == before.database && node.relationName == before.relationName
            && node.group == before.group && node.access == before.access && node.fqn == before.fqn
            && node.isEphemeral == before.isEphemeral
    }

    /// What a schema file says of a model.
    private func patch(
        of id: NodeID, named name: String, at path: String, in schemas: inout [String: SchemaFile]
    ) throws -> NodePatch? {
        let parts = path.split(separator: "://", maxSplits: 1).map(String.init)
        guard parts.count == 2, let package = packages.first(where: { $0.name == parts[0] }) else { return nil }
        if schemas[path] == nil {
            let files = package.files(in: package.definition.allSourcePaths, withExtensions: ["yml", "yaml"])
            guard let file = files.first(where: { $0.originalPath == parts[1] }) else { return nil }
            var scope = world.scope
            scope.package = package.name
            let reader = SchemaFileReader(
                package: package, renderer: YAMLRenderer(scope: scope), resolver: resolver, profile: world.profile, now: 0)
            schemas[path] = try reader.read(file)
        }
        let found = schemas[path]?.patches.filter { $0.key == "models" && $0.name == name } ?? []
        return found.count == 1 && found[0].version == nil ? found[0] : nil
    }
}
