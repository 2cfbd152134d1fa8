import Testing

@testable import Transform

struct PlannerTests {
    private func session() async throws -> TransformSession {
        try await TestProject([
            "models/a.sql": "select 1 as id", "models/b.sql": "select * from {{ ref('a') }}",
            "models/c.sql": "{{ config(materialized='ephemeral') }} select * from {{ ref('b') }}",
            "models/d.sql": "select * from {{ ref('c') }}",
            "models/e.sql": "select * from {{ ref('a') }} join {{ ref('d') }} using (id)",
            "models/schema.yml": """
            models:
              - {name: a, columns: [{name: id, data_tests: [unique]}]}
              - {name: d, columns: [{name: id, data_tests: [{relationships: {arguments: {to: ref('a'), field: id}}}]}]}
            """,
        ]).load()
    }

    private func upstream(_ plan: ExecutionPlan) -> [String: Set<String>] {
        Dictionary(
            plan.nodes.map { node in
                (
                    String(node.id.rawValue.split(separator: ".")[2]),
                    Set(node.upstream.map { String($0.rawValue.split(separator: ".")[2]) })
                )
            }
        ) { first, _ in first }
    }

    @Test("a run waits only for the nearest selected nodes, through ephemeral ones")
    func run() async throws {
        let plan = try await session().plan(.run)
        #expect(upstream(plan) == ["a": [], "b": ["a"], "d": ["b"], "e": ["a", "d"]])
        #expect(upstream(try await session().plan(.run, select: ["a", "e"])) == ["a": [], "e": ["a"]])
    }

    @Test("a build lets what reads a node wait for the node's tests")
    func build() async throws {
        let upstream = upstream(try await session().plan(.build))
        #expect(upstream["b"] == ["a", "unique_a_id"])
        #expect(upstream["relationships_d_id__id__ref_a_"] == ["a", "d"])
        #expect(upstream["e"]?.isSuperset(of: ["a", "d", "unique_a_id", "relationships_d_id__id__ref_a_"]) ?? false)
    }

    @Test("a model with tests of both kinds waits for its unit tests, and its data tests wait for it")
    func unitTests() async throws {
        let session = try await TestProject([
            "models/a.sql": "select 1 as id", "models/b.sql": "select id from {{ ref('a') }}",
            "models/c.sql": "select id from {{ ref('b') }}",
            "models/schema.yml": """
            models:
              - {name: a, columns: [{name: id, data_tests: [unique]}]}
              - {name: b, columns: [{name: id, data_tests: [not_null]}]}
            unit_tests:
              - {name: u, model: b, given: [{input: ref('a'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
            """,
        ]).load()
        let upstream = Dictionary(
            uniqueKeysWithValues: try session.plan(.build).nodes.map { ($0.id.rawValue, Set($0.upstream.map(\.rawValue))) })
        #expect(upstream["unit_test.shop.b.u"]?.contains("model.shop.b") == false)
        #expect(upstream["unit_test.shop.b.u"]?.isSuperset(of: ["model.shop.a"]) ?? false)
        #expect(upstream["model.shop.b"]?.isSuperset(of: ["model.shop.a", "unit_test.shop.b.u"]) ?? false)
        #expect(upstream["model.shop.c"]?.contains("model.shop.b") ?? false)
    }

    @Test("each node comes after those that it needs")
    func order() async throws {
        let plan = try await session().plan(.build)
        var seen: Set<NodeID> = []
        for node in plan.nodes {
            #expect(node.upstream.allSatisfy(seen.contains))
            seen.insert(node.id)
        }
    }

    @Test("a circle is an error that names it")
    func cycle() async throws {
        let session = try await TestProject([
            "models/x.sql": "select * from {{ ref('z') }}", "models/y.sql": "select * from {{ ref('x') }}",
            "models/z.sql": "select * from {{ ref('y') }}",
        ]).load()
        let error = #expect(throws: TransformError.self) { try session.plan(.run) }
        #expect(error?.kind == .cycle)
        #expect(error?.message.contains("model.shop.x -> model.shop.z -> model.shop.y -> model.shop.x") ?? false)
    }
}
