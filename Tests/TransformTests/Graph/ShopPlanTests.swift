import Documents
import OrderedCollections
import Testing

@testable import Transform

/// Plans, and the edges from tests that `build` adds; those are the ones of dbt-core's `Linker.add_test_edges`.
struct ShopPlanTests {
    @Test("holds only what the command runs, with the nearest selected nodes above")
    func contracts() throws {
        let plan = try Self.plan(
            .run, of: NodeGraphTests.manifest(["a": [], "b": ["a"], "c": ["b"], "d": ["c", "a"]]), select: ["a", "d"])
        #expect(plan == ["a": [], "d": ["a"]])
    }

    @Test("looks through ephemeral models")
    func ephemeral() throws {
        var manifest = NodeGraphTests.manifest(["a": [], "b": ["a"], "c": ["b"]])
        manifest.nodes["model.shop.b"]?.config["materialized"] = "ephemeral"
        #expect(try Self.plan(.run, of: manifest, select: ["a", "b", "c"]) == ["a": [], "c": ["a"]])
    }

    @Test("keeps both of two ways to the same node, once")
    func diamond() throws {
        let manifest = NodeGraphTests.manifest(["a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]])
        #expect(try Self.plan(.run, of: manifest, select: ["a", "b", "c", "d"])["d"] == ["b", "c"])
        #expect(try Self.plan(.run, of: manifest, select: ["a", "d"])["d"] == ["a"])
    }

    @Test("lets what follows a node wait for the node's tests, in build only")
    func testEdges() throws {
        let manifest = NodeGraphTests.manifest([("a", []), ("b", ["a"]), ("c", ["b"])], tests: [("t", ["a"])])
        #expect(try Self.plan(.build, of: manifest) == ["a": [], "t": ["a"], "b": ["a", "t"], "c": ["b"]])
        #expect(try Self.plan(.run, of: manifest, select: ["a", "b", "c"]) == ["a": [], "b": ["a"], "c": ["b"]])
    }

    @Test("waits for a test of several nodes only where all of them are above")
    func testOfSeveral() throws {
        let manifest = NodeGraphTests.manifest(
            [("a", []), ("b", []), ("onlyA", ["a"]), ("both", ["a", "b"]), ("later", ["both"])], tests: [("t", ["a", "b"])])
        #expect(
            try Self.plan(.build, of: manifest) == [
                "a": [], "b": [], "t": ["a", "b"], "onlyA": ["a"], "both": ["a", "b", "t"], "later": ["both"],
            ])
    }

    @Test("makes no circle of a test that compares a node with one above it")
    func testOfNeighbours() throws {
        let manifest = NodeGraphTests.manifest([("a", []), ("b", ["a"]), ("c", ["b"])], tests: [("t", ["a", "b"])])
        #expect(try Self.plan(.build, of: manifest) == ["a": [], "b": ["a"], "t": ["a", "b"], "c": ["b", "t"]])
    }

    @Test("lets models wait for the tests of sources")
    func testOfSource() throws {
        let plan = try Self.plan(.build, of: ShopManifest.manifest)
        #expect(plan["stg_customers"] == ["source_not_null_crm_customers_id"])
        #expect(plan["stg_orders"] == [])
        #expect(
            plan["customers"] == [
                "not_null_stg_customers_id", "regions", "relationships_stg_orders_customer_id", "stg_customers", "stg_orders",
                "unique_stg_customers_id",
            ])
        #expect(plan["top_customers"] == ["customers", "orders_have_customers", "unique_customers_id"])
        #expect(plan["days"] == nil)
        // Exposures are listed, though there is nothing to run for them.
        #expect(plan["weekly_report"] == ["customers", "orders_have_customers", "unique_customers_id"])
    }

    @Test("keeps the wait where the tested node is not selected but its test is")
    func testWithoutNode() throws {
        let manifest = NodeGraphTests.manifest([("a", []), ("b", ["a"])], tests: [("t", ["a"])])
        #expect(try Self.plan(.build, of: manifest, select: ["b", "t"]) == ["t": [], "b": ["t"]])
    }

    /// The plan's nodes with what they wait for, sorted, under short names.
    private static func plan(_ command: Command, of manifest: Manifest, select names: Set<String>? = nil) throws -> [String:
        [String]]
    {
        let graph = NodeGraph(manifest)
        let selected = graph.ids.filter { names?.contains(ShopManifest.shortName($0)) ?? true }
        let plan = try Planner(manifest: manifest, graph: graph).plan(Set(selected), for: command)
        var result: [String: [String]] = [:]
        var seen: Set<NodeID> = []
        for node in plan.nodes {
            #expect(seen.isSuperset(of: node.upstream), "\(node.id) comes before what it waits for")
            seen.insert(node.id)
            result[ShopManifest.shortName(node.id)] = node.upstream.map(ShopManifest.shortName).sorted()
        }
        return result
    }
}
