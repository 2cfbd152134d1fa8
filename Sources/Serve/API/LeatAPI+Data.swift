import Documents
import Hummingbird
import Orchestrate
import Project

extension LeatAPI {
    private static let querySchema = APISchemas.object(
        [("sql", ["type": "string", "minLength": 1, "maxLength": 100_000])],
        [("on", APISchemas.text), ("limit", ["type": "integer", "minimum": 1, "maximum": 10_000])])

    /// Lineage, questions to the warehouse, and pools.
    var dataRoutes: [Route] {
        [
            route(
                .get, "/lineage", .look,
                APIOperation(
                    id: "lineage", summary: "What data flows through, each with the ids of what it is made of", tag: "data",
                    query: APISchemas.paging + [.init("kind", APISchemas.text, "only nodes of this kind")],
                    answer: .json(APISchemas.page("Node")))
            ) { request, _ in
                let kind = request.fields["kind"]
                let nodes = try await site.lineage.lineage().nodes.filter { kind == nil || $0.kind.rawValue == kind }
                return try Self.page(nodes.map(Self.document), request)
            },
            route(
                .get, "/lineage/:id", .look,
                APIOperation(id: "getNode", summary: "One of them", tag: "data", answer: .json(APISchemas.ref("Node")))
            ) { _, context in
                let id = try context.part("id")
                guard let node = try await site.lineage.lineage().nodes.first(where: { $0.id == id }) else {
                    throw Problem.notFound("'\(id)' in the project's lineage")
                }
                return Self.document(node)
            },
            route(
                .post, "/query", .query,
                APIOperation(
                    id: "query", summary: "Ask the warehouse, or another database of the project; it only reads", tag: "data",
                    body: Self.querySchema, answer: .json(APISchemas.ref("QueryResult")))
            ) { request, context in
                let body = try await Self.body(request, context, Self.querySchema)
                let answer = try await QueryConsole(site.project).run(
                    body["sql"]?.string ?? "", on: body["on"]?.string,
                    limits: QueryConsole.Limits(rows: body["limit"]?.int ?? 1000, time: .seconds(30)))
                return [
                    "columns": .array(
                        zip(answer.columns, answer.kinds).map { ["name": .string($0), "kind": .string("\($1)")] }),
                    "rows": .array(answer.rows.map { row in .array(row.map { .string($0) }) }), "is_cut": .bool(answer.isCut),
                ]
            },
            route(
                .get, "/pools", .look,
                APIOperation(
                    id: "listPools", summary: "How many slots tasks share, and how many are in use", tag: "pipelines",
                    query: APISchemas.paging, answer: .json(APISchemas.page("Pool")))
            ) { request, _ in
                let use = try await PoolUse(of: site)
                let pools = site.project.pools.sorted { $0.key < $1.key }.map { name, slots -> JSON in
                    [
                        "name": .string(name), "slots": .int(slots), "running": .int(use[name, .running]),
                        "queued": .int(use[name, .queued]),
                    ]
                }
                return try Self.page(pools, request)
            },
        ]
    }

    private static func document(_ node: LineageNode) -> JSON {
        [
            "id": .string(node.id), "name": .string(node.name), "kind": .string(node.kind.rawValue),
            "relation": .string(node.relation), "materialization": .string(node.materialization),
            "description": .string(node.description), "tags": .array(node.tags.map { .string($0) }),
            "columns": .array(
                node.columns.map {
                    [
                        "name": .string($0.name), "type": .string($0.type), "description": .string($0.description),
                        "tests": .array($0.tests.map { .string($0) }),
                    ]
                }), "upstream": .array(node.upstream.map { .string($0) }), "tests": .array(node.tests.map { .string($0) }),
            "file": .string(node.file),
        ]
    }
}
