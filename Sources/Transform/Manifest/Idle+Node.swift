// What `build` takes notice of without running anything: dbt lists it as NO-OP.

extension Exposure {
    /// The exposure as a node, for what selects and plans nodes.
    var node: Node {
        var node = Node(
            id: id, name: name, resourceType: .exposure, packageName: packageName, path: path, originalPath: originalPath,
            rawCode: "", fqn: fqn, alias: name, checksum: Checksum(name: "none", value: ""), config: config, location: location)
        node.description = description
        node.dependsOnNodes = dependsOnNodes
        node.tags = tags
        node.meta = meta
        return node
    }
}

extension SemanticResource {
    /// A saved query as a node; nil for metrics and semantic models, of which `build` knows nothing.
    var node: Node? {
        guard resourceType == .savedQuery else { return nil }
        var node = Node(
            id: id, name: name, resourceType: .savedQuery, packageName: packageName, path: path, originalPath: originalPath,
            rawCode: "", fqn: fqn, alias: name, checksum: Checksum(name: "none", value: ""), config: config, location: location)
        node.dependsOnNodes = dependsOnNodes
        node.tags = tags
        node.meta = meta
        return node
    }
}

extension Manifest {
    /// Whether there is nothing to run for it.
    package func isIdle(_ id: NodeID) -> Bool { exposures[id] != nil || semantics[id] != nil }
}
