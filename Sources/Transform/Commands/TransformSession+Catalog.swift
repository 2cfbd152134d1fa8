import Documents
import Jinja

extension TransformSession {
    /// Asks the warehouse for the columns of everything that the project has or reads, and writes target/catalog.json.
    ///
    /// - Parameters:
    ///   - select: the nodes that the catalog is about; nil for all.
    ///   - isEmpty: whether the warehouse is not asked at all.
    /// - Returns: the path of the file.
    package func writeCatalog(
        of selected: Set<NodeID>? = nil, isEmpty: Bool = false,
        events: @escaping @Sendable (TransformEvent) -> Void = { _ in }
    ) async throws -> String {
        let wanted = isEmpty ? [] : catalogued(selected)
        let rows = wanted.isEmpty ? [] : try await catalogRows(Set(wanted.map(\.relation.schema)), events: events)
        let artifact = CatalogArtifact(rows: rows, wanted: wanted.map { ($0.id, $0.relation) }, world: world)
        let path = targetFolder + "/catalog.json"
        try ProjectFileSystem.write(artifact.json.bytes(), to: path)
        return path
    }

    /// Every node and source that is a relation.
    private func catalogued(_ selected: Set<NodeID>?) -> [(id: NodeID, relation: RelationKey)] {
        var wanted: [(id: NodeID, relation: RelationKey)] = []
        for (id, node) in manifest.nodes where node.isRelational && (selected?.contains(id) ?? true) {
            if let key = RelationKey(world.relation(of: node)) { wanted.append((id, key)) }
        }
        for (id, source) in manifest.sources where selected?.contains(id) ?? true {
            wanted.append((id, RelationKey(schema: source.schema, identifier: source.identifier)))
        }
        return wanted
    }

    /// What the macro `get_catalog` gives, which a project may override.
    private func catalogRows(
        _ schemas: Set<String>, events: @escaping @Sendable (TransformEvent) -> Void
    ) async throws -> [CatalogArtifact.Row] {
        let observer = observer(events)
        return try await withCancellation { [pool, world] cancellation in
            try await pool.withWorker { worker in
                try await worker.use(cancellation, events: observer) { warehouse in
                    let run = NodeRun(warehouse: warehouse, log: { events(.log($0)) })
                    let context = NodeContext(world: world, node: nil, run: run)
                    let runtime = Runtime(environment: TemplateEngine.environment, globals: context)
                    guard let macro = world.macros.macro(named: "get_catalog", from: world.root.name) else { return [] }
                    let database = Relation(
                        database: world.profile.credentials.database, schema: nil, identifier: nil)
                    let names = schemas.sorted().map { Value.string($0) }
                    do {
                        let value = try withExtendedLifetime(context) {
                            try runtime.call(
                                context.callable(macro),
                                Arguments([
                                    .object(InformationSchemaObject(database, view: nil)), .list(List(names)),
                                ]))
                        }
                        return CatalogArtifact.rows(of: value.objectValue as? TableObject)
                    } catch {
                        throw NodeFailure.describe(operation: error, sent: warehouse.lastStatement)
                    }
                }
            }
        }
    }
}
