import Diagnostics
import Documents
import Jinja

/// Makes nodes of the tests in schema files.
struct GenericTestParser {
    private let world: RenderWorld
    private let resolver: ConfigResolver
    private let now: Double
    private var generators: [String: NameGenerator] = [:]
    private var extractors: [String: StaticExtractor] = [:]
    /// What the test that was parsed last has to say.
    var warnings: [Manifest.Warning] = []

    init(world: RenderWorld, resolver: ConfigResolver, now: Double) {
        self.world = world
        self.resolver = resolver
        self.now = now
    }

    /// A test to parse.
    struct Task: Sendable {
        var test: PatchTest
        var target: GenericTestBuilder.Target
        var file: PackageFile
        /// Those of the file.
        var folders: [String]
        /// What the test inherits besides the tags of its column.
        var tags: [String]
    }

    mutating func parse(_ task: Task, manifest: Manifest) throws -> NodeParser.Result {
        let (test, target, file, tags) = (task.test, task.target, task.file, task.tags)
        var scope = world.scope
        scope.package = file.package
        let mergesArguments = world.root.definition.flags["require_generic_test_arguments_property"]?.bool ?? true
        let builder = try GenericTestBuilder(
            test, target: target, renderer: YAMLRenderer(scope: scope), mergesArguments: mergesArguments)
        warnings = builder.warnings
        let macro = try macro(for: builder, from: file.package)
        let fqn = [file.package] + task.folders + [builder.fullName]
        let hash = GenericTestName.hash(
            name: builder.fullName, test: builder.name, namespace: builder.namespace, arguments: builder.arguments)
        var node = Node(
            id: NodeID("test.\(file.package).\(builder.fullName).\(hash)"), name: builder.fullName, resourceType: .test,
            packageName: file.package, path: builder.shortName + ".sql", originalPath: file.originalPath,
            rawCode: builder.rawCode,
            fqn: fqn, alias: builder.fullName, schema: world.profile.credentials.schema,
            database: world.profile.credentials.database, relationName: nil, checksum: .none,
            config: NodeConfig.defaults(for: .test),
            location: builder.location)
        node.createdAt = now
        node.description = builder.description
        node.test = TestMetadata(
            name: builder.name, namespace: builder.namespace, arguments: builder.arguments, columnName: test.columnName,
            fileKeyName: "", attachedNode: nil)
        attach(target, to: &node, manifest: manifest)
        try finish(&node, builder: builder, macro: macro, target: target)
        var seen: Set<String> = []
        let own = NodeConfig.strings(builder.config["tags"])
        node.tags = (test.columnTags + tags + own).sorted().filter { seen.insert($0).inserted }
        node.tags += node.config.tags.filter { seen.insert($0).inserted }
        node.meta = node.config.meta
        return .init(node: node, template: nil)
    }

    private func macro(for builder: GenericTestBuilder, from package: String) throws -> MacroRecord {
        let name = "test_" + builder.name
        let found =
            if let namespace = builder.namespace {
                world.macros.namespace(namespace)?[name]
            } else {
                world.macros.macro(named: name, from: package)
            }
        if let found { return found }
        let known = world.macros.all.map(\.name).filter { $0.hasPrefix("test_") }.map { String($0.dropFirst(5)) }
        throw TransformError(
            .schema, "there is no generic test '\(builder.name)'", location: builder.location,
            hint: Suggestion.hint(for: builder.name, in: known)
                ?? (builder.namespace.map { "is the package '\($0)' installed ('leat dbt deps')?" }
                    ?? "tests of the project stand in tests/generic or macros"))
    }

    private func attach(_ target: GenericTestBuilder.Target, to node: inout Node, manifest: Manifest) {
        switch target {
        case .source(let source): node.test?.fileKeyName = "sources.\(source.sourceName)"
        case .node(let patch, let version):
            node.test?.fileKeyName = "\(patch.key).\(patch.name)"
            let tested =
                manifest.resolveBeforeLinking(RefCall(name: patch.name, version: version), package: patch.file.package)
            let disabled = tested == nil ? manifest.disabled.first { $0.name == patch.name && $0.test == nil } : nil
            node.test?.attachedNode = tested?.id ?? disabled?.id
            node.group = tested?.group
        }
    }

    /// Finds refs and configuration, then the names.
    private mutating func finish(
        _ node: inout Node, builder: GenericTestBuilder, macro: MacroRecord, target: GenericTestBuilder.Target
    ) throws {
        let capture = ParseCapture()
        if Self.isPlain(macro) {
            capture.add(macro: macro.id)
            switch target {
            case .source(let source): capture.add(SourceCall(source: source.sourceName, table: source.name))
            case .node(let patch, let version): capture.add(RefCall(name: patch.name, version: version))
            }
        } else {
            // dbt looks for the test without regard to the namespace that it is called with.
            let root = world.macros.staticTarget(of: macro.name, in: node.packageName) ?? macro
            capture.add(macro: root.id)
            do {
                if try !takeStatically(node, macro: macro, root: root, target: target, into: capture) {
                    try render(node, macro: macro, root: root, into: capture)
                }
            } catch {
                var error = TransformError(template: error)
                if error.location?.file == "test argument" { error.location = builder.location }
                error.location = error.location ?? builder.location
                throw error
            }
        }
        capture.add(config: builder.config)
        var written = builder.config.isEmpty && !Self.isPlain(macro) ? capture.config : builder.config
        if !Self.isPlain(macro) {
            // What stands in the test's code is kept as the code writes it.
            for entry in builder.config.entries where entry.value.string == nil {
                written[entry.key] = .string(Value(entry.value).pythonRepr)
            }
        }
        let (config, unrendered) = resolver.resolve(
            .test, fqn: node.fqn, package: node.packageName, calls: capture.config, unrenderedCalls: written)
        node.config = config
        node.unrenderedConfig = unrendered
        node.refs = capture.refs
        node.sources = capture.sources
        node.dependsOnMacros = capture.macros
        let generator = generators[node.packageName] ?? NameGenerator(world: world, package: node.packageName)
        generators[node.packageName] = generator
        try generator.name(&node)
    }

    /// The two most common tests refer to nothing but what they test.
    private static func isPlain(_ macro: MacroRecord) -> Bool {
        MacroLibrary.builtInPackages.contains(macro.package) && ["test_not_null", "test_unique"].contains(macro.name)
    }

    /// Most tests refer to nothing but what they test and what their arguments name; then nothing need be rendered.
    private mutating func takeStatically(
        _ node: Node, macro: MacroRecord, root: MacroRecord, target: GenericTestBuilder.Target, into capture: ParseCapture
    ) throws -> Bool {
        guard macro.id == root.id, world.macros.inert.contains(macro, in: world.macros),
            let subquery = world.macros.macro(named: "get_where_subquery", from: node.packageName),
            MacroLibrary.builtInPackages.contains(subquery.package)
        else { return false }
        let found = ParseCapture()
        let extractor = extractors[node.packageName] ?? StaticExtractor(world.macros, package: node.packageName)
        extractors[node.packageName] = extractor
        for entry in node.test?.arguments.entries ?? [] where entry.key != "column_name" && entry.key != "model" {
            guard try Self.take(entry.value, by: extractor, into: found) else { return false }
        }
        // The model is the last of the test's arguments, as in dbt.
        found.refs.forEach(capture.add)
        found.sources.forEach(capture.add)
        switch target {
        case .source(let source): capture.add(SourceCall(source: source.sourceName, table: source.name))
        case .node(let patch, let version):
            var ref = RefCall(name: patch.name, version: version)
            ref.hasTextVersion = version != nil
            capture.add(ref)
        }
        capture.add(macro: subquery.id)
        return true
    }

    private static func take(_ value: JSON, by extractor: StaticExtractor, into capture: ParseCapture) throws -> Bool {
        switch value {
        case .string(let text):
            let source = ArgumentRenderer.isOnlyACall(text) ? "{{ \(text) }}" : text
            guard YAMLRenderer.holdsTemplate(source) else { return true }
            guard let template = try? Template(source: source, name: "test argument", environment: TemplateEngine.environment),
                let found = try extractor.extract(template), found.macros.isEmpty,
                found.config.isEmpty
            else { return false }
            found.refs.forEach(capture.add)
            found.sources.forEach(capture.add)
            return true
        case .array(let items): return try items.allSatisfy { try take($0, by: extractor, into: capture) }
        case .object(let members): return try members.entries.allSatisfy { try take($0.value, by: extractor, into: capture) }
        default: return true
        }
    }

    private func render(_ node: Node, macro: MacroRecord, root: MacroRecord, into capture: ParseCapture) throws {
        let context = NodeContext(world: world, node: node, capture: capture)
        // As in dbt, arguments see only the macros that the test itself reaches.
        let roots = [root, world.macros.anywhere["get_where_subquery"]].compactMap { $0 }
        context.visibleMacros = world.macros.dependencies.closure(of: roots, in: world.macros)
        let arguments = try ArgumentRenderer.render(node.test?.arguments ?? JSON.Members(), context: context, parsing: true)
        // A test's own config() comes first: what the schema file says is nearer to the use.
        let runtime = Runtime(environment: TemplateEngine.parsingEnvironment, globals: context)
        let named = (arguments.dictValue?.pairs ?? []).map { (name: $0.key.pythonString, value: $0.value) }
        guard context.visibleMacros?.contains(macro.id) ?? true else { return }
        _ = try withExtendedLifetime(context) {
            try runtime.call(context.callable(macro), Arguments(named: named))
        }
    }
}

extension Manifest {
    /// As `resolve`, before the index exists.
    func resolveBeforeLinking(_ ref: RefCall, package: String) -> Node? {
        let suffix = ref.version.map { ".v" + $0 } ?? ""
        for type in [ResourceType.model, .seed, .snapshot] {
            if let node = nodes[NodeID("\(type.rawValue).\(package).\(ref.name)\(suffix)")] { return node }
        }
        return nil
    }
}
