import Documents

extension UnitTest {
    /// The test as a node, for what selects, plans and runs nodes.
    package var node: Node {
        var node = Node(
            id: id, name: version.map { "\(name)_v\($0)" } ?? name, resourceType: .unitTest, packageName: packageName, path: path,
            originalPath: originalPath, rawCode: "", fqn: fqn, alias: name, schema: schema, database: nil, relationName: nil,
            checksum: Checksum(name: "sha256", value: checksum), config: config, location: location)
        node.description = description
        node.dependsOnNodes = dependsOnNodes
        node.tags = config.tags
        node.meta = config.meta
        node.version = version
        node.unitTest = self
        node.createdAt = createdAt
        return node
    }
}

extension UnitTest.Fixture {
    /// The query that gives the rows, where they are written as SQL.
    var sql: String? { format == "sql" ? rows.string : nil }

    /// One object a row; none where a query gives them.
    var items: [JSON] { rows.array ?? [] }
}

extension Manifest {
    /// The node, unit test, exposure or saved query with the id: what a plan is made of.
    package func runnable(_ id: NodeID) -> Node? {
        nodes[id] ?? unitTests[id]?.node ?? exposures[id]?.node ?? semantics[id]?.node
    }
}
