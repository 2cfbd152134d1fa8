import Documents

/// What all templates of an invocation share. Immutable, so that all threads may read it.
final class RenderWorld: Sendable {
    let root: Package
    let packages: [String: Package]
    let profile: Profile
    let macros: MacroLibrary
    let scope: StaticScope
    let options: InvocationOptions
    /// Nil while the project is being parsed.
    let manifest: Manifest?
    /// Where compiled files and artifacts go; absolute.
    let targetFolder: String
    /// Which refs mean relations of another state; nil where all mean those of this one.
    let deferral: Deferral?

    init(
        root: Package, packages: [String: Package], profile: Profile, macros: MacroLibrary, scope: StaticScope,
        options: InvocationOptions, manifest: Manifest?, targetFolder: String, deferral: Deferral? = nil
    ) {
        self.root = root
        self.packages = packages
        self.profile = profile
        self.macros = macros
        self.scope = scope
        self.options = options
        self.manifest = manifest
        self.targetFolder = targetFolder
        self.deferral = deferral
    }

    func with(_ manifest: Manifest, deferral: Deferral? = nil) -> RenderWorld {
        var scope = scope
        scope.requiresVariables = true
        return RenderWorld(
            root: root, packages: packages, profile: profile, macros: macros, scope: scope, options: options, manifest: manifest,
            targetFolder: targetFolder, deferral: deferral)
    }

    /// The same with other variables.
    func with(_ scope: StaticScope) -> RenderWorld {
        RenderWorld(
            root: root, packages: packages, profile: profile, macros: macros, scope: scope, options: options, manifest: manifest,
            targetFolder: targetFolder, deferral: deferral)
    }

    /// What `--sample` cuts the inputs of models to.
    var sampleWindow: EventWindow? {
        options.sample.flatMap { try? SampleWindow.window($0, now: options.currentTime) }
    }

    /// How names of relations of the project are quoted.
    func quoting(for node: Node) -> QuotePolicy {
        QuotePolicy().merging(root.definition.quoting).merging(node.config["quoting"]?.object)
    }

    /// The place of a node in the warehouse.
    func relation(of node: Node) -> Relation {
        Relation(database: node.database, schema: node.schema, identifier: node.alias, quoting: quoting(for: node))
    }

    /// The place of a node in the state that refs are deferred to; nil where there is none.
    func deferredRelation(of id: NodeID) -> Relation? {
        deferral?.state.relation(of: id, quoting: QuotePolicy().merging(root.definition.quoting))
    }

    func relation(of source: SourceDefinition) -> Relation {
        Relation(
            database: source.database, schema: source.schema, identifier: source.identifier,
            quoting: QuotePolicy().merging(root.definition.quoting).merging(source.quoting))
    }

    /// How errors name a node's file.
    func displayPath(of node: Node) -> String { (packages[node.packageName]?.displayPrefix ?? "") + node.originalPath }
}
