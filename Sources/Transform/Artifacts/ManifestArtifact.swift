import Dispatch
import Documents
import Synchronization

/// manifest.json, version 12.
struct ManifestArtifact {
    let manifest: Manifest
    let world: RenderWorld
    let graph: LazyGraph
    let compilations: [NodeID: Compilation]
    /// The entries of selectors.yml by their names.
    let selectors: JSON

    /// The beginning of the file, which alone says which invocation wrote it.
    var head: [UInt8] {
        var head = MemberWriter()
        head.open()
        head.append("metadata", metadata)
        head.key("nodes")
        head.open()
        return head.bytes
    }

    /// Writes the rest of the file in pieces, which are made on all cores.
    ///
    /// - Parameters:
    ///   - first: the number of the first piece.
    ///   - other: what can be done at the same time.
    func writePieces(to file: PieceFile, from first: Int, while other: @Sendable () -> Void = {}) {
        let size = 256
        let nodes = manifest.nodes.values.filter(Self.isNode) + manifest.operations
        let count = nodes.count
        let last = (count + size - 1) / size
        DispatchQueue.concurrentPerform(iterations: last + 2) { iteration in
            if iteration == 0 { return other() }
            let piece = iteration - 1
            if piece == last { return file.add(first + last, rest) }
            var writer = MemberWriter()
            writer.bytes.reserveCapacity(size * 3072)
            for index in (piece * size)..<min(count, (piece + 1) * size) {
                if index > 0 { writer.bytes.append(UInt8(ascii: ",")) }
                let node = nodes[index]
                JSON.writeString(node.id.rawValue, to: &writer.bytes)
                writer.bytes.append(UInt8(ascii: ":"))
                writer.open()
                NodeArtifact.append(node, compilations[node.id], world, to: &writer)
                writer.close()
            }
            file.add(first + piece, writer.bytes)
        }
    }

    /// All that follows the nodes.
    private var rest: [UInt8] {
        var writer = MemberWriter()
        writer.close()
        appendRest(to: &writer)
        writer.close()
        return writer.bytes
    }

    private func appendRest(to members: inout MemberWriter) {
        members.append("sources", dictionary(manifest.sources.values.map { ($0.id.rawValue, SourceArtifact.json(of: $0)) }))
        let createdAt = world.scope.invocation.startedAt.secondsSince1970
        members.append(
            "macros",
            dictionary(
                world.macros.all.map { ($0.id, MacroArtifact.json(of: patched($0), in: world.macros, createdAt: createdAt)) }))
        members.append("docs", dictionary(manifest.docs.map { ($0.id, doc($0)) }))
        members.append("exposures", dictionary(manifest.exposures.values.map { ($0.id.rawValue, ExposureArtifact.json(of: $0)) }))
        members.append("metrics", semantics(.metric))
        members.append("groups", dictionary(manifest.groups.map { ($0.id, group($0)) }))
        members.append("selectors", selectors)
        members.append("disabled", disabled)
        let graph = graph.value
        appendMap(
            "parent_map", graph.parents, graph, others: manifest.operations.map { ($0.id, $0.dependsOnNodes) }, to: &members)
        appendMap("child_map", graph.children, graph, others: manifest.operations.map { ($0.id, []) }, to: &members)
        members.append("group_map", groupMap)
        members.append("saved_queries", semantics(.savedQuery))
        members.append("semantic_models", semantics(.semanticModel))
        members.append(
            "unit_tests", dictionary(manifest.unitTests.values.map { ($0.id.rawValue, UnitTestArtifact.json(of: $0)) }))
        let functions = manifest.nodes.values.filter { $0.resourceType == .function }
        members.append("functions", dictionary(functions.map { ($0.id.rawValue, node($0)) }))
    }

    /// - Parameter others: what is no part of the graph, as no selection reaches it.
    private func appendMap(
        _ key: String, _ edges: [[Int]], _ graph: NodeGraph, others: [(NodeID, [NodeID])], to members: inout MemberWriter
    ) {
        members.key(key)
        members.open()
        for index in graph.ids.indices {
            members.key(graph.ids[index].rawValue)
            var ids = edges[index].map { graph.ids[$0].rawValue }
            if ids.count > 1 { ids.sort() }
            members.append(ids)
        }
        for (id, ids) in others {
            members.key(id.rawValue)
            members.append(ids.map(\.rawValue))
        }
        members.close()
    }

    private var metadata: JSON {
        let quoting = QuotePolicy().merging(world.root.definition.quoting)
        let invocation = world.scope.invocation
        return [
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": .string(Invocation.dbtVersion),
            "generated_at": .string(DateTimeStamp.now().artifactText), "invocation_id": .string(invocation.id),
            "invocation_started_at": .string(invocation.startedAt.artifactText), "env": world.scope.metadataEnvironment,
            "project_name": .string(manifest.projectName), "project_id": .string(Checksum.md5(manifest.projectName)),
            "user_id": nil,
            "send_anonymous_usage_stats": false, "adapter_type": "postgres",
            "quoting": [
                "database": .bool(quoting.database), "schema": .bool(quoting.schema), "identifier": .bool(quoting.identifier),
                "column": nil,
            ], "run_started_at": .string(invocation.startedAt.artifactText),
        ]
    }

    /// What stands under `nodes`.
    private static func isNode(_ node: Node) -> Bool { node.resourceType != .unitTest && node.resourceType != .function }

    private func node(_ node: Node) -> JSON { NodeArtifact.json(of: node, compilation: compilations[node.id], world: world) }

    private func dictionary(_ pairs: [(String, JSON)]) -> JSON {
        var members = JSON.Members()
        for (key, value) in pairs { members.append(key, value) }
        return .object(members)
    }

    private func patched(_ macro: MacroRecord) -> MacroRecord {
        guard let patch = manifest.macroPatches[macro.id] else { return macro }
        var macro = macro
        macro.description = patch.description
        macro.arguments = patch.arguments
        macro.meta = patch.meta
        macro.patchPath = patch.patchPath
        return macro
    }

    private func doc(_ block: DocBlock) -> JSON {
        [
            "name": .string(block.name), "resource_type": "doc", "package_name": .string(block.packageName),
            "path": .string(block.path), "original_file_path": .string(block.originalPath), "unique_id": .string(block.id),
            "block_contents": .string(block.contents),
        ]
    }

    private func group(_ group: Group) -> JSON {
        [
            "name": .string(group.name), "resource_type": "group", "package_name": .string(group.packageName),
            "path": .string(group.path), "original_file_path": .string(group.originalPath), "unique_id": .string(group.id),
            "owner": group.owner, "description": NodeArtifact.optional(group.description), "config": .object(group.config),
        ]
    }

    private var disabled: JSON {
        var byID: [(String, [JSON])] = []
        for node in manifest.disabled { byID.append((node.id.rawValue, [self.node(node)])) }
        for exposure in manifest.disabledExposures { byID.append((exposure.id.rawValue, [ExposureArtifact.json(of: exposure)])) }
        for test in manifest.disabledUnitTests { byID.append((test.id.rawValue, [UnitTestArtifact.json(of: test)])) }
        for resource in manifest.disabledSemantics {
            byID.append((resource.id.rawValue, [SemanticArtifact.json(of: resource)]))
        }
        for source in manifest.disabledSources { byID.append((source.id.rawValue, [SourceArtifact.json(of: source)])) }
        var merged = JSON.Members()
        for (id, items) in byID { merged[id] = .array((merged[id]?.array ?? []) + items) }
        return .object(merged)
    }

    private func semantics(_ type: ResourceType) -> JSON {
        dictionary(
            manifest.semantics.values.filter { $0.resourceType == type }.map {
                ($0.id.rawValue, SemanticArtifact.json(of: $0))
            })
    }

    private var groupMap: JSON {
        dictionary(
            manifest.groups.map { group in
                var ids = manifest.nodes.values.filter { $0.group == group.name }.map(\.id)
                for type in [ResourceType.savedQuery, .semanticModel, .metric] {
                    ids += manifest.semantics.values.filter { $0.resourceType == type && $0.group == group.name }.map(\.id)
                }
                return (group.name, .array(ids.map { .string($0.rawValue) }))
            })
    }
}
