import Diagnostics
import Documents
import Jinja

/// Makes nodes of files.
struct NodeParser: Sendable {
    let world: RenderWorld
    let resolver: ConfigResolver
    let now: Double
    private let extractors: [String: StaticExtractor]

    init(world: RenderWorld, resolver: ConfigResolver, now: Double) {
        self.world = world
        self.resolver = resolver
        self.now = now
        extractors = world.packages.mapValues { StaticExtractor(world.macros, package: $0.name) }
    }

    private func extractor(for package: String) -> StaticExtractor {
        extractors[package] ?? StaticExtractor(world.macros, package: package)
    }

    /// A parsed node and its template, which compiling uses again.
    struct Result: Sendable {
        var node: Node
        var template: Template?
    }

    /// A model, an analysis or a singular test.
    func parse(_ file: PackageFile, as type: ResourceType, patch: NodePatch?) throws -> Result {
        let text = try ProjectFileSystem.text(of: file.absolutePath, calledInErrors: file.displayPath)
        let code = text.trimmingWhitespaceBytes
        if type == .function, !file.path.hasSuffix(".sql") { return parse(foreign: code, file: file, patch: patch) }
        if type == .model, file.path.hasSuffix(".py") { return try parse(python: code, of: text, file: file, patch: patch) }
        let name = patch?.version == nil ? file.stem : patch?.name ?? file.stem
        let folders = type == .analysis ? ["analysis"] + file.folders : file.folders
        let fqn = [file.package] + folders + [name] + (patch?.version.map { ["v" + $0] } ?? [])
        return try parse(
            code, name: name, type: type, fqn: fqn, file: file, checksum: Checksum.normalized(text), patch: patch,
            lineOffset: text.prefix { $0.isWhitespace }.count { $0.isNewline })
    }

    /// A `{% snapshot %}` block.
    func parse(snapshot block: BlockScanner.Block, in text: String, file: PackageFile, patch: NodePatch?) throws -> Result {
        let bytes = Array(text.utf8)
        let code = String(decoding: bytes[block.contents], as: UTF8.self)
        let fqn = [file.package] + file.folders + [file.stem, block.name]
        return try parse(
            code, name: block.name, type: .snapshot, fqn: fqn, file: file,
            checksum: Checksum.normalized(text),
            patch: patch, lineOffset: block.line - 1)
    }

    /// A snapshot that stands in a schema file only.
    func parse(snapshotOf relation: String, patch: NodePatch) throws -> Result {
        let fqn = [patch.file.package] + patch.file.folders + [patch.name]
        var result = try parse(
            "select * from {{ \(relation) }}", name: patch.name, type: .snapshot, fqn: fqn, file: patch.file,
            checksum: patch.fileChecksum ?? .none, patch: patch, lineOffset: 0)
        result.node.path = patch.name + ".sql"
        result.node.location = patch.location
        return result
    }

    /// A function in another language than SQL: no template.
    private func parse(foreign code: String, file: PackageFile, patch: NodePatch?) -> Result {
        let fqn = [file.package] + file.folders + [file.stem]
        let (config, unrendered) = resolver.resolve(.function, fqn: fqn, package: file.package, patch: patch?.config)
        var node = makeNode(
            name: file.stem, type: .function, fqn: fqn, file: file, code: code, checksum: Checksum.normalized(code),
            config: config, unrendered: unrendered, patch: patch)
        node.language = file.path.hasSuffix(".py") ? "python" : "javascript"
        return Result(node: node, template: nil)
    }

    /// A model in Python: its code is read, not run.
    private func parse(python code: String, of text: String, file: PackageFile, patch: NodePatch?) throws -> Result {
        let name = patch?.version == nil ? file.stem : patch?.name ?? file.stem
        let fqn = [file.package] + file.folders + [name] + (patch?.version.map { ["v" + $0] } ?? [])
        let capture = try PythonModelReader.read(text, file: file.displayPath)
        let (config, unrendered) = resolver.resolve(
            .model, fqn: fqn, package: file.package, patch: patch?.config, unrenderedPatch: patch?.unrendered,
            calls: capture.config)
        var node = makeNode(
            name: name, type: .model, fqn: fqn, file: file, code: code, checksum: Checksum.normalized(text), config: config,
            unrendered: unrendered, patch: patch)
        node.language = "python"
        node.refs = capture.refs
        node.sources = capture.sources
        return Result(node: node, template: nil)
    }

    /// A CSV file.
    func parse(seed file: PackageFile, patch: NodePatch?) throws -> Node {
        let bytes = try ProjectFileSystem.bytes(of: file.absolutePath)
        let name = file.stem
        let fqn = [file.package] + file.folders + [name]
        let (config, unrendered) = resolver.resolve(
            .seed, fqn: fqn, package: file.package, patch: patch?.config, unrenderedPatch: patch?.unrendered)
        // dbt fingerprints large seeds by their path, so that they need not be read.
        let checksum =
            bytes.count > 1 << 20
            ? Checksum(name: "path", value: file.originalPath)
            : Checksum.sha256(of: String(decoding: bytes, as: UTF8.self).withPlainNewlines.trimmingWhitespaceBytes)
        var node = makeNode(
            name: name, type: .seed, fqn: fqn, file: file, code: "", checksum: checksum, config: config, unrendered: unrendered,
            patch: patch)
        node.rootPath = file.root
        let capture = ParseCapture()
        try renderHooks(of: node, into: capture)
        guard capture.refs.isEmpty, capture.sources.isEmpty else {
            throw TransformError(
                .schema, "Seeds cannot depend on other nodes", location: SourceLocation(file: file.displayPath),
                hint: "a hook of the seed '\(name)' calls ref() or source(); write the relation's name")
        }
        node.dependsOnMacros = capture.macros
        return node
    }

    private func parse(
        _ code: String, name: String, type: ResourceType, fqn: [String], file: PackageFile, checksum: Checksum, patch: NodePatch?,
        lineOffset: Int
    ) throws -> Result {
        do {
            let template = try Template(source: code, name: file.displayPath, environment: TemplateEngine.environment)
            let capture =
                if let known = try extractor(for: file.package).extract(template) {
                    known
                } else {
                    try render(
                        template,
                        for: makeNode(
                            name: name, type: type, fqn: fqn, file: file, code: code, checksum: checksum,
                            config: resolver.resolve(type, fqn: fqn, package: file.package, patch: patch?.config).config,
                            unrendered: JSON.Members(), patch: patch))
                }
            let isLiteral = type == .model && extractor(for: file.package).readsLiterals && LiteralTemplate.accepts(code)
            var (config, unrendered) = resolver.resolve(
                type, fqn: fqn, package: file.package, patch: patch?.config, unrenderedPatch: patch?.unrendered,
                calls: capture.config,
                unrenderedCalls: try UnrenderedCalls.members(
                    of: code, template: template, isLiteral: isLiteral, capture: capture))
            if isLiteral {
                for entry in capture.last.entries { unrendered[entry.key] = entry.value }
                // dbt lists a source once where it need not render.
                var seen: Set<SourceCall> = []
                capture.sources.removeAll { !seen.insert($0).inserted }
            }
            var draft = makeNode(
                name: name, type: type, fqn: fqn, file: file, code: code, checksum: checksum, config: config,
                unrendered: unrendered,
                patch: patch)
            try ConfigReview.checkKinds(unrendered.keys.map { $0 }, in: config, of: name, at: draft.location)
            try renderHooks(of: draft, into: capture)
            try addForeignKeys(of: draft, to: capture, patch: patch)
            draft.refs = capture.refs
            draft.sources = capture.sources
            draft.functions = capture.functions
            draft.dependsOnMacros = capture.macros
            return Result(node: draft, template: template)
        } catch {
            var error = TransformError(template: error)
            if lineOffset > 0, error.location?.file == file.displayPath, let line = error.location?.line {
                error.location?.line = line + lineOffset
            }
            throw error
        }
    }

    /// Renders a template for what it calls.
    private func render(_ template: Template, for node: Node) throws -> ParseCapture {
        let capture = ParseCapture()
        let context = NodeContext(world: world, node: node, capture: capture)
        let runtime = Runtime(environment: TemplateEngine.parsingEnvironment, globals: context)
        _ = try withExtendedLifetime(context) { try runtime.render(template) }
        return capture
    }

    /// What the foreign keys of a model refer to, it depends on.
    private func addForeignKeys(of node: Node, to capture: ParseCapture, patch: NodePatch?) throws {
        let constraints = node.constraints + node.columns.flatMap(\.constraints)
        for constraint in constraints where constraint["type"] == "foreign_key" {
            guard let target = constraint["to"]?.string, !target.isEmpty else { continue }
            let found = try ArgumentRenderer.capture(target, world: world.scope, at: patch?.location)
            for ref in found.refs { capture.add(ref) }
            for source in found.sources { capture.add(source) }
        }
    }

    /// Finds out what a hook of the project refers to.
    func takeCalls(of sql: String, into node: inout Node) throws {
        guard YAMLRenderer.holdsTemplate(sql) else { return }
        do {
            let capture = ParseCapture()
            let template = try Template(source: sql, name: node.location.file, environment: TemplateEngine.environment)
            if let known = try extractor(for: node.packageName).extract(template) {
                (node.refs, node.sources, node.dependsOnMacros) = (known.refs, known.sources, known.macros)
                return
            }
            let context = NodeContext(world: world, node: node, capture: capture)
            let runtime = Runtime(environment: TemplateEngine.parsingEnvironment, globals: context)
            _ = try withExtendedLifetime(context) { try runtime.render(template) }
            (node.refs, node.sources, node.dependsOnMacros) = (capture.refs, capture.sources, capture.macros)
        } catch {
            throw TransformError(template: error, inValueAt: node.location)
        }
    }

    private func renderHooks(of node: Node, into capture: ParseCapture) throws {
        for hook in node.config.preHooks + node.config.postHooks where YAMLRenderer.holdsTemplate(hook.sql) {
            let context = NodeContext(world: world, node: node, capture: capture)
            let template = try Template(source: hook.sql, name: "hook of \(node.name)", environment: TemplateEngine.environment)
            let runtime = Runtime(environment: TemplateEngine.parsingEnvironment, globals: context)
            _ = try withExtendedLifetime(context) { try runtime.render(template) }
        }
    }

    private func makeNode(
        name: String, type: ResourceType, fqn: [String], file: PackageFile, code: String, checksum: Checksum, config: NodeConfig,
        unrendered: JSON.Members, patch: NodePatch?
    ) -> Node {
        var node = Node(
            id: NodeID("\(type.rawValue).\(file.package).\(name)\(patch?.version.map { ".v" + $0 } ?? "")"), name: name,
            resourceType: type, packageName: file.package,
            path: type == .analysis ? "analysis/" + file.path : file.path, originalPath: file.originalPath, rawCode: code,
            fqn: fqn,
            alias: name, schema: world.profile.credentials.schema, database: world.profile.credentials.database,
            relationName: nil,
            checksum: checksum, config: config, location: SourceLocation(file: file.displayPath))
        node.createdAt = now
        node.unrenderedConfig = unrendered
        node.apply(patch)
        return node
    }
}

extension Node {
    /// Takes over what a schema file and the configuration say.
    mutating func apply(_ patch: NodePatch?) {
        var seen: Set<String> = []
        self.tags = self.config.tags.filter { seen.insert($0).inserted }
        self.meta = self.config.meta
        self.group = self.config.group
        self.access = self.resourceType == .model ? self.config["access"]?.string ?? "protected" : nil
        guard let patch else { return }
        self.function = patch.function
        self.description = patch.description
        self.columns = patch.columns
        self.constraints = patch.constraints
        self.patchPath = patch.patchPath
        self.version = patch.version
        self.latestVersion = patch.latestVersion
        self.deprecationDate = patch.deprecationDate
        self.primaryKey = patch.primaryKey
        self.timeSpine = patch.timeSpine
    }
}

extension String {
    /// Without white space at its end, byte by byte.
    var trimmingEndBytes: String {
        let bytes = utf8
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[bytes.index(before: end)].isASCIISpace { end = bytes.index(before: end) }
        return end == bytes.endIndex ? self : String(self[..<end])
    }

    /// Without white space at both ends, byte by byte.
    var trimmingWhitespaceBytes: String {
        let bytes = utf8
        guard let start = bytes.firstIndex(where: { !$0.isASCIISpace }) else { return "" }
        var end = bytes.endIndex
        while end > start, bytes[bytes.index(before: end)].isASCIISpace { end = bytes.index(before: end) }
        if start == bytes.startIndex, end == bytes.endIndex { return self }
        return String(self[start..<end])
    }
}

extension UInt8 {
    fileprivate var isASCIISpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
