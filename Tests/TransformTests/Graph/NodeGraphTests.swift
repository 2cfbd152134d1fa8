import OrderedCollections
import Testing

@testable import Transform

struct NodeGraphTests {
    @Test("puts each node after those it needs, the same way each time")
    func order() throws {
        let graph = NodeGraph(ShopManifest.manifest)
        let order = try graph.topologicalOrder()
        #expect(Set(order) == Set(graph.ids.indices))
        let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        for node in graph.ids.indices {
            for parent in graph.parents[node] { #expect(place[parent, default: 0] < place[node, default: 0]) }
        }
        #expect(try NodeGraph(ShopManifest.manifest).topologicalOrder() == order)
    }

    @Test("names the circle, and only the circle")
    func cycle() {
        let graph = NodeGraph(
            Self.manifest(["start": [], "a": ["start", "c"], "b": ["a"], "c": ["b"], "after": ["c"]]))
        let error = #expect(throws: TransformError.self) { try graph.topologicalOrder() }
        #expect(error?.kind == .cycle)
        for name in ["a", "b", "c"] { #expect(error?.message.contains("model.shop.\(name)") == true) }
        #expect(error?.message.contains("start") == false)
        #expect(error?.message.contains("after") == false)
    }

    @Test("finds a node that needs itself")
    func selfReference() {
        let error = #expect(throws: TransformError.self) { try NodeGraph(Self.manifest(["a": ["a"]])).topologicalOrder() }
        #expect(error?.message.contains("model.shop.a") == true)
    }

    @Test(
        "walks as many steps as it is told",
        arguments: [(nil, "a b c"), (0, ""), (1, "b c"), (2, "a b c"), (9, "a b c")] as [(Int?, String)])
    func depth(_ depth: Int?, _ names: String) throws {
        let graph = NodeGraph(Self.manifest(["a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]]))
        let d = try #require(graph.index(of: "model.shop.d"))
        #expect(graph.ancestors(of: [d], depth: depth).map { graph.ids[$0].name }.sorted().joined(separator: " ") == names)
    }

    @Test("finds descendants through tests and exposures")
    func descendants() throws {
        let graph = NodeGraph(ShopManifest.manifest)
        let regions = try #require(graph.index(of: "seed.shop.regions"))
        let names = graph.descendants(of: [regions]).map { ShopManifest.shortName(graph.ids[$0]) }
        #expect(Set(names) == ["customers", "top_customers", "weekly_report", "unique_customers_id", "orders_have_customers"])
    }

    @Test("orders ten thousand nodes in a chain without a stack")
    func chain() throws {
        var nodes: [(String, [String])] = [("n0", [])]
        for number in 1..<10_000 { nodes.append(("n\(number)", ["n\(number - 1)"])) }
        let graph = NodeGraph(Self.manifest(nodes))
        #expect(try graph.topologicalOrder() == Array(0..<10_000))
    }

    /// Models by name with the names of those they need.
    static func manifest(_ models: KeyValuePairs<String, [String]>) -> Manifest {
        manifest(models.map { ($0.key, $0.value) })
    }

    static func manifest(_ models: [(String, [String])], tests: [(String, [String])] = []) -> Manifest {
        var manifest = Manifest(projectName: "shop")
        for (name, needs) in models {
            let node = ShopManifest.node(name, in: nil, needs: needs.map { NodeID("model.shop.\($0)") })
            manifest.nodes[node.id] = node
        }
        for (name, needs) in tests {
            let node = ShopManifest.test(name, of: "unique", needs: needs.map { NodeID("model.shop.\($0)") })
            manifest.nodes[node.id] = node
        }
        return manifest
    }
}

extension NodeID {
    fileprivate var name: String { ShopManifest.shortName(self) }
}
