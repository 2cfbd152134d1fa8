import Documents
import Foundation
package import Orchestrate
import Transform

/// How data flows through the project: from the tables of sources through connections and dbt projects to who reads it.
package struct ProjectLineage: Sendable {
    /// Those that come first in the flow come first here.
    package let nodes: [LineageNode]
    /// The dbt projects, for selections in their own language.
    let sessions: [TransformSession]
    /// Where the SQL of each dbt node is, once it was compiled; by dbt's unique_id.
    private let compiledFiles: [String: String]

    /// Reads the project's connections and the dbt projects of its pipelines. Connects to nothing.
    /// - Throws: what is wrong with a dbt project.
    package static func read(_ project: LeatProject) async throws -> ProjectLineage {
        var nodes: [LineageNode] = []
        for connection in project.connections { nodes += Self.nodes(of: connection) }
        var read: Set<String> = []
        var sessions: [TransformSession] = []
        var compiledFiles: [String: String] = [:]
        for pipeline in project.pipelines {
            for task in pipeline.tasks {
                guard case .dbt(let dbt) = task.kind, read.insert(dbt.project).inserted else { continue }
                var options = InvocationOptions(projectDirectory: project.path(dbt.project))
                options.target = dbt.target
                let session = try await TransformSession.load(options)
                nodes += Self.nodes(of: session.manifest, task: task.name, folder: dbt.project)
                sessions.append(session)
                for node in session.manifest.nodes.values {
                    compiledFiles[node.id.rawValue] = session.compiledFile(of: node)
                }
            }
        }
        join(&nodes, project)
        return ProjectLineage(nodes: nodes, sessions: sessions, compiledFiles: compiledFiles)
    }

    /// The SQL of a dbt node as it was compiled last, and when; nil where it was not yet.
    package func compiledCode(of id: String) async -> (text: String, at: Timestamp)? {
        guard let path = compiledFiles[id] else { return nil }
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                guard let date = attributes?[.modificationDate] as? Date,
                    let text = try? String(contentsOfFile: path, encoding: .utf8)
                else { return continuation.resume(returning: nil) }
                continuation.resume(returning: (text, Timestamp(microseconds: Int64(date.timeIntervalSince1970 * 1e6))))
            }
        }
    }

    /// A connection and the tables that it reads.
    private static func nodes(of connection: ConnectionEntry) -> [LineageNode] {
        let tables = connection.streams.map { stream in
            LineageNode(
                id: "table.\(connection.source).\(stream.namespace.map { "\($0)." } ?? "")\(stream.name)", name: stream.name,
                kind: .table, relation: "\(connection.source): \(stream.namespace.map { "\($0)." } ?? "")\(stream.name)")
        }
        var node = LineageNode(id: "connection.\(connection.name)", name: connection.name, kind: .connection)
        node.description = "From \(connection.source) to \(connection.destination)."
        node.upstream = tables.map(\.id)
        return tables + [node]
    }

    private static func nodes(of manifest: Manifest, task: String, folder: String) -> [LineageNode] {
        var tests: [NodeID: [(column: String?, name: String)]] = [:]
        for node in manifest.nodes.values where node.resourceType == .test {
            let owner = node.test?.attachedNode.map { [$0] } ?? node.dependsOnNodes
            for id in owner { tests[id, default: []].append((node.test?.columnName, node.name)) }
        }
        func columns(_ columns: [ColumnInfo], of id: NodeID) -> [LineageNode.Column] {
            columns.map { column in
                LineageNode.Column(
                    name: column.name, type: column.dataType, description: column.description,
                    tests: (tests[id] ?? []).filter { $0.column == column.name }.map(\.name))
            }
        }
        var nodes: [LineageNode] = []
        for source in manifest.sources.values {
            var node = LineageNode(
                id: source.id.rawValue, name: "\(source.sourceName).\(source.name)", kind: .source, relation: source.relationName)
            node.description = source.description
            node.columns = columns(source.columns, of: source.id)
            node.tags = source.tags
            node.file = "\(folder)/\(source.originalPath)"
            nodes.append(node)
        }
        for item in manifest.nodes.values {
            guard let kind = LineageNode.Kind(rawValue: item.resourceType.rawValue) else { continue }
            var node = LineageNode(id: item.id.rawValue, name: item.name, kind: kind, relation: item.relationName)
            node.materialization = kind == .model ? item.config.materialized.rawValue : nil
            node.description = item.description
            node.columns = columns(item.columns, of: item.id)
            node.tests = (tests[item.id] ?? []).filter { $0.column == nil }.map(\.name)
            node.tags = item.tags
            node.code = kind == .seed ? nil : item.rawCode
            node.file = "\(folder)/\(item.originalPath)"
            node.upstream = item.dependsOnNodes.map(\.rawValue)
            let verb = kind == .model ? "run" : item.resourceType.rawValue
            node.taskNames = ["\(task).\(item.name).\(verb)", "\(task).\(item.name)"]
            nodes.append(node)
        }
        for exposure in manifest.exposures.values {
            var node = LineageNode(id: exposure.id.rawValue, name: exposure.label ?? exposure.name, kind: .exposure)
            node.description = exposure.description
            node.tags = exposure.tags
            node.upstream = exposure.dependsOnNodes.map(\.rawValue)
            nodes.append(node)
        }
        return nodes
    }

    /// Lets each dbt source flow out of the connection that fills it: one of its streams has the table's name, and its
    /// destination's schema is the source's.
    private static func join(_ nodes: inout [LineageNode], _ project: LeatProject) {
        for index in nodes.indices where nodes[index].kind == .source {
            let parts = (nodes[index].relation ?? "").split(separator: ".").map { $0.replacing("\"", with: "") }
            guard parts.count == 3 else { continue }
            for connection in project.connections {
                let lands = connection.streams.contains { stream in
                    connection.prefix + stream.name == parts[2]
                        && schema(of: stream, connection, project).map { $0 == parts[1] } ?? true
                }
                if lands { nodes[index].upstream.append("connection.\(connection.name)") }
            }
        }
    }

    /// The schema that a stream lands in; nil where only the source knows.
    private static func schema(
        of stream: ConnectionEntry.Stream, _ connection: ConnectionEntry, _ project: LeatProject
    ) -> String? {
        switch connection.namespaceDefinition {
        case "custom_format":
            let format = connection.namespaceFormat ?? ""
            return format.contains("${") ? nil : format
        case "source": return stream.namespace
        default:
            return project.destinations.first { $0.name == connection.destination }?.config["schema"]?.string ?? "public"
        }
    }
}
