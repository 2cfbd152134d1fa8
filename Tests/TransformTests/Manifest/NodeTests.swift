import Diagnostics
import Documents
import Testing

@testable import Transform

@Suite("Nodes") struct NodeTests {
    private let node = Node(
        id: "model.shop.a", name: "a", resourceType: .model, packageName: "shop", path: "a.sql", originalPath: "models/a.sql",
        rawCode: "select 1", fqn: ["shop", "a"], alias: "a", schema: "s", database: "d", relationName: nil, checksum: .none,
        config: NodeConfig.defaults(for: .model), location: SourceLocation(file: "models/a.sql"))

    @Test("a copy that changes leaves the original as it was")
    func copies() {
        var copy = node
        copy.alias = "b"
        copy.config["enabled"] = false
        copy.tags.append("x")
        #expect((node.alias, copy.alias) == ("a", "b"))
        #expect(node.config.isEnabled && !copy.config.isEnabled)
        #expect(node.tags.isEmpty && copy.tags == ["x"])
    }

    @Test("a node in a table changes in place")
    func table() {
        var table: IDTable<Node> = [node.id: node]
        table.update(node.id) { $0.group = "g" }
        #expect(table[node.id]?.group == "g")
        #expect(node.group == nil)
    }
}
