import Documents
import Orchestrate
import Transform

/// Knows what the tasks of a project read and write.
struct LineageCatalog: Sendable {
    private let project: LeatProject
    /// The dbt projects of pipelines; none where they cannot be read, which the tasks themselves will say.
    private let sessions: [TransformSession]

    init(_ project: LeatProject) async {
        self.project = project
        sessions = (try? await ProjectLineage.read(project).sessions) ?? []
    }

    /// - Parameter output: what the task has put out; null as long as it runs.
    func datasets(of task: TaskDefinition, output: JSON) -> (inputs: [LineageDataset], outputs: [LineageDataset]) {
        let outlets = task.outlets.compactMap { outlet in
            outlet.kind == .table ? dataset(destination: nil, table: outlet.name) : nil
        }
        switch TaskWork(json: task.work) {
        case .sync(let name):
            guard let connection = project.connections.first(where: { $0.name == name }) else { return ([], outlets) }
            let streams = output["streams"]?.array ?? []
            let inputs = connection.streams.map { stream in
                let found = streams.first { $0["name"]?.string == stream.name }
                return dataset(source: connection.source, found?["namespace"]?.string ?? stream.namespace, stream.name)
            }
            let outputs = streams.compactMap { stream -> LineageDataset? in
                guard let table = stream["table"]?.string else { return nil }
                var dataset = dataset(destination: connection.destination, table: table)
                dataset.rows = stream["rows_committed"]?.int
                dataset.bytes = stream["bytes_committed"]?.int
                return dataset
            }
            return (inputs, outputs + outlets)
        case .dbt(_, let node):
            let (inputs, outputs) = datasets(ofNode: NodeID(node))
            return (inputs, outputs + outlets)
        case .empty, .dbtClosing, .entry, nil: return ([], outlets)
        }
    }

    // MARK: Syncs

    private func dataset(source: String, _ namespace: String?, _ stream: String) -> LineageDataset {
        guard let options = try? ProjectQuery(project).options(for: source) else {
            return LineageDataset(namespace: "leat://\(project.name)/\(source)", name: stream)
        }
        let schemas = project.sources.first { $0.name == source }?.config["schemas"]?.array?.compactMap(\.string) ?? []
        return LineageDataset(options, schema: namespace ?? schemas.first ?? "public", table: stream)
    }

    private func dataset(destination: String?, table: String) -> LineageDataset {
        let parts = table.split(separator: ".", maxSplits: 1).map { String($0).replacing("\"", with: "") }
        guard let options = try? ProjectQuery(project).options(for: destination), parts.count == 2 else {
            return LineageDataset(namespace: "leat://\(project.name)/\(destination ?? "tables")", name: table)
        }
        return LineageDataset(options, schema: parts[0], table: parts[1])
    }

    // MARK: dbt

    private func datasets(ofNode id: NodeID) -> (inputs: [LineageDataset], outputs: [LineageDataset]) {
        guard let session = sessions.first(where: { $0.manifest.nodes[id] != nil }), let node = session.manifest.nodes[id] else {
            return ([], [])
        }
        var seen: Set<NodeID> = []
        let inputs = node.dependsOnNodes.flatMap { relations(of: $0, in: session, &seen) }
        return (inputs, node.resourceType == .test ? [] : dataset(of: node, in: session).map { [$0] } ?? [])
    }

    /// The table of a node; of one that has none, as an ephemeral model, those that it is made of.
    private func relations(of id: NodeID, in session: TransformSession, _ seen: inout Set<NodeID>) -> [LineageDataset] {
        guard seen.insert(id).inserted else { return [] }
        if let source = session.manifest.sources[id] {
            var dataset = LineageDataset(
                session.profile.credentials.connectionOptions, schema: source.schema, table: source.identifier)
            dataset.description = source.description
            dataset.columns = Self.columns(source.columns)
            return [dataset]
        }
        guard let node = session.manifest.nodes[id] else { return [] }
        if let dataset = dataset(of: node, in: session) { return [dataset] }
        return node.dependsOnNodes.flatMap { relations(of: $0, in: session, &seen) }
    }

    private func dataset(of node: Node, in session: TransformSession) -> LineageDataset? {
        guard node.relationName != nil, let schema = node.schema else { return nil }
        var dataset = LineageDataset(session.profile.credentials.connectionOptions, schema: schema, table: node.alias)
        dataset.description = node.description
        dataset.columns = Self.columns(node.columns)
        return dataset
    }

    private static func columns(_ columns: [ColumnInfo]) -> [LineageDataset.Column] {
        columns.map { LineageDataset.Column(name: $0.name, type: $0.dataType, description: $0.description) }
    }
}
