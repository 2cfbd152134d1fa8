import Diagnostics
import Documents
import Jinja

/// Turns the names in refs and sources into nodes, and checks that everything fits together.
struct ManifestLinker {
    private(set) var manifest: Manifest
    let world: RenderWorld

    init(_ manifest: Manifest, world: RenderWorld) {
        self.manifest = manifest
        self.world = world
    }

    mutating func link() throws -> Manifest {
        manifest.indexReferences()
        try checkRelations()
        try linkNodes()
        try SemanticLinker.link(&manifest)
        for (index, hook) in manifest.operations.enumerated() where !(hook.refs.isEmpty && hook.sources.isEmpty) {
            manifest.operations[index].dependsOnNodes = try dependencies(
                refs: hook.refs, sources: hook.sources, package: hook.packageName, of: "'\(hook.name)'", at: hook.location)
        }
        for (id, exposure) in manifest.exposures {
            let upstream =
                try dependencies(
                    refs: exposure.refs, sources: exposure.sources, package: exposure.packageName,
                    of: "the exposure '\(exposure.name)'",
                    at: exposure.location) + metrics(of: exposure)
            manifest.exposures[id]?.dependsOnNodes = upstream
        }
        try checkRules()
        try renderDescriptions()
        PrimaryKeyInference.apply(to: &manifest)
        return manifest
    }

    /// Puts a node in the place of the one with its id, in a manifest that is linked.
    mutating func replace(_ node: Node) throws {
        var node = node
        node.dependsOnNodes = try upstream(of: node)?.ids ?? []
        try checkRules(of: node)
        manifest.nodes[node.id] = node
    }

    /// The manifest as it is now.
    var result: Manifest { manifest }

    var scope: StaticScope { world.scope }

    func resolve(_ ref: RefCall, from package: String) -> Node? { manifest.resolve(ref, from: package) }
    func resolve(_ call: SourceCall, from package: String) -> SourceDefinition? { manifest.resolve(call, from: package) }

    mutating func replaceConstraints(of id: NodeID, _ constraints: [JSON], _ columns: [ColumnInfo]) {
        manifest.nodes.update(id) { node in
            node.constraints = constraints
            node.columns = columns
        }
    }

    private func functions(of node: Node) throws -> [NodeID] {
        try node.functions.map { call in
            if let target = manifest.resolveFunction(call, from: node.packageName) { return target.id }
            let names = manifest.nodes.values.filter { $0.resourceType == .function }.map(\.name)
            throw TransformError(
                .unknownRef, "'\(node.name)' refers to function('\(call.name)'), which does not exist",
                location: place(of: call.name, in: node) ?? node.location, hint: Suggestion.hint(for: call.name, in: names))
        }
    }

    /// dbt warns of tests of what does not exist, and says nothing of tests of what is switched off.
    private mutating func warnOfMissingTargets(of test: Node) {
        let disabled = Set(manifest.disabled.map(\.name))
        for ref in test.refs where manifest.resolveID(ref, from: test.packageName) == nil && !disabled.contains(ref.name) {
            manifest.warnings.append(
                .init(
                    event: .nodeNotFoundOrDisabled,
                    message: "Test '\(test.id)' (\(test.originalPath)) depends on a node named '\(ref.name)' which was not found",
                    location: test.location, hint: Suggestion.hint(for: ref.name, in: manifest.refIndex.keys.sorted())))
        }
    }

    private func metrics(of exposure: Exposure) throws -> [NodeID] {
        try exposure.metrics.map { call in
            let package = call.count > 1 ? call.first : nil
            return try SemanticLinker.metric(
                call.last ?? "", package: package, manifest, from: exposure.packageName, at: exposure.location
            ).id
        }
    }

    private mutating func linkNodes() throws {
        for index in manifest.nodes.values.indices {
            guard let (upstream, isComplete) = try upstream(of: manifest.nodes.values[index]) else { continue }
            manifest.nodes.update(at: index) { node in
                node.dependsOnNodes = upstream
                // A test of something that is switched off is switched off with it.
                if !isComplete { node.config["enabled"] = false }
            }
        }
    }

    /// What a node depends on, and whether all of it exists; nil where it refers to nothing.
    private mutating func upstream(of node: Node) throws -> (ids: [NodeID], isComplete: Bool)? {
        if node.refs.isEmpty, node.sources.isEmpty, node.functions.isEmpty { return nil }
        var isComplete = true
        let upstream =
            try dependencies(
                refs: node.refs, sources: node.sources, package: node.packageName, of: "'\(node.name)'", at: node.location,
                in: node, missing: node.resourceType == .test ? { isComplete = false } : nil) + functions(of: node)
        if !isComplete { warnOfMissingTargets(of: node) }
        try linkConstraints(of: node)
        return (upstream, isComplete)
    }

    private func dependencies(
        refs: [RefCall], sources: [SourceCall], package: String, of what: @autoclosure () -> String, at location: SourceLocation,
        in node: Node? = nil, missing: (() -> Void)? = nil
    ) throws -> [NodeID] {
        var ids: [NodeID] = []
        for ref in refs {
            guard let target = manifest.resolveID(ref, from: package) else {
                if let missing {
                    missing()
                    continue
                }
                throw unknown(ref, what: what(), at: place(of: ref.name, in: node) ?? location)
            }
            if !ids.contains(target) { ids.append(target) }
        }
        for source in sources {
            guard let target = manifest.resolve(source, from: package) else {
                if let missing {
                    missing()
                    continue
                }
                throw unknown(source, what: what(), at: place(of: source.table, in: node) ?? location)
            }
            if !ids.contains(target.id) { ids.append(target.id) }
        }
        return ids
    }

    /// Where a name stands in quotes in a node's file.
    func place(of name: String, in node: Node?) -> SourceLocation? {
        guard let node, node.test == nil else { return nil }
        for quote in ["'", "\""] {
            guard let range = node.rawCode.firstRange(of: quote + name + quote) else { continue }
            let before = node.rawCode[..<range.lowerBound]
            let line = before.utf8.count { $0 == 0x0A } + 1
            let column =
                before.count - (before.lastIndex(of: "\n").map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0) + 1
            return SourceLocation(file: node.location.file, line: line + world.lineOffset(of: node), column: column)
        }
        return nil
    }

    private func unknown(_ ref: RefCall, what: String, at location: SourceLocation) -> TransformError {
        let call = "ref(\(ref.package.map { "'\($0)', " } ?? "")'\(ref.name)'\(ref.version.map { ", v=\($0)" } ?? ""))"
        if let disabled = manifest.disabled.first(where: { $0.name == ref.name && $0.resourceType.isReferable }) {
            return TransformError(
                .unknownRef, "\(what) refers to \(call), which is disabled", location: location,
                hint: "enable \(world.displayPath(of: disabled)), or disable what refers to it")
        }
        return TransformError(
            .unknownRef, "\(what) refers to \(call), which does not exist", location: location,
            hint: Suggestion.hint(for: ref.name, in: manifest.refIndex.keys.sorted())
                ?? "a ref names the file of a model, seed or snapshot without its extension")
    }

    private func unknown(_ call: SourceCall, what: String, at location: SourceLocation) -> TransformError {
        let names = manifest.sources.values.map { "\($0.sourceName).\($0.name)" }
        let isDisabled = manifest.disabledSources.contains { $0.sourceName == call.source && $0.name == call.table }
        return TransformError(
            .unknownSource,
            "\(what) refers to source('\(call.source)', '\(call.table)'), which \(isDisabled ? "is disabled" : "does not exist")",
            location: location,
            hint: Suggestion.hint(for: "\(call.source).\(call.table)", in: names)
                ?? "describe it under 'sources:' in a schema file")
    }

    /// No two nodes may become the same relation.
    private func checkRelations() throws {
        var owners: [String: Node] = [:]
        for index in manifest.nodes.values.indices where manifest.nodes.values[index].resourceType.isReferable {
            let node = manifest.nodes.values[index]
            guard !node.isEphemeral, let relation = node.relationName?.lowercased() else {
                continue
            }
            if let first = owners.updateValue(node, forKey: relation) {
                throw TransformError(
                    .duplicate, "\(first.id) and \(node.id) would both become \(relation)", location: node.location,
                    hint: "give one of them another alias or schema")
            }
        }
    }

    private static func describesByTemplate(_ node: Node) -> Bool {
        YAMLRenderer.holdsTemplate(node.description) || node.columns.contains { YAMLRenderer.holdsTemplate($0.description) }
    }

    /// Puts docs blocks into descriptions.
    private mutating func renderDescriptions() throws {
        let docs = manifest.docs
        // All that descriptions can ask for; the nodes are about to change.
        var glossary = Manifest(projectName: manifest.projectName)
        glossary.docs = docs
        let docWorld = world.with(glossary)
        var known: [String: [String: (String, [String])]] = [:]
        func render(_ text: String, _ package: String, _ location: SourceLocation) throws -> (String, [String]) {
            guard YAMLRenderer.holdsTemplate(text) else { return (text, []) }
            if let found = known[package]?[text] { return found }
            let rendered = try renderAnew(text, package, location)
            known[package, default: [:]][text] = rendered
            return rendered
        }
        func renderAnew(_ text: String, _ package: String, _ location: SourceLocation) throws -> (String, [String]) {
            let context = NodeContext(world: docWorld, node: nil, package: package)
            do {
                let template = try Template(source: text, name: location.file, environment: TemplateEngine.environment)
                let blocks = docs.filter { text.contains("'\($0.name)'") || text.contains("\"\($0.name)\"") }
                return (try TemplateEngine.render(template, globals: context), blocks.map(\.id))
            } catch {
                throw TransformError(template: error, inValueAt: location)
            }
        }
        /// Where the description of a node stands.
        func place(of node: Node) -> SourceLocation {
            guard let path = node.patchPath?.split(separator: "://", maxSplits: 1), path.count == 2 else { return node.location }
            return SourceLocation(file: (world.packages[node.packageName]?.displayPrefix ?? "") + path[1])
        }
        for index in manifest.nodes.values.indices {
            guard Self.describesByTemplate(manifest.nodes.values[index]) else { continue }
            try manifest.nodes.update(at: index) { node in
                if YAMLRenderer.holdsTemplate(node.description) {
                    (node.description, node.docBlocks) = try render(node.description, node.packageName, place(of: node))
                }
                for column in node.columns.indices where YAMLRenderer.holdsTemplate(node.columns[column].description) {
                    (node.columns[column].description, node.columns[column].docBlocks) = try render(
                        node.columns[column].description, node.packageName, place(of: node))
                }
            }
        }
        for (id, source) in manifest.sources {
            let rendered = try render(source.sourceDescription, source.packageName, source.location).0
            manifest.sources[id]?.sourceDescription = rendered
            let (text, blocks) = try render(source.description, source.packageName, source.location)
            manifest.sources[id]?.description = text
            manifest.sources[id]?.docBlocks = blocks
            for (index, column) in source.columns.enumerated() where YAMLRenderer.holdsTemplate(column.description) {
                let rendered = try render(column.description, source.packageName, source.location).0
                manifest.sources[id]?.columns[index].description = rendered
            }
        }
        for (id, exposure) in manifest.exposures {
            let rendered = try render(exposure.description, exposure.packageName, exposure.location).0
            manifest.exposures[id]?.description = rendered
        }
        for (id, resource) in manifest.semantics {
            var definition = resource.definition
            for key in ["description", "dimensions", "measures", "entities"] {
                guard let value = definition[key] else { continue }
                definition[key] = try SemanticLinker.describing(value) {
                    try render($0, resource.packageName, resource.location).0
                }
            }
            manifest.semantics[id]?.definition = definition
        }
    }
}
