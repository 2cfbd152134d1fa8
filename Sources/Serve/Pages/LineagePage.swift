import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// The way of data through the project, and the page of each thing on it.
    var lineageRoutes: [Route] {
        [
            .get("/lineage", .look) { request, context in try await lineagePage(request, context) },
            .get("/models/:id", .look) { request, context in try await modelPage(request, context) },
        ]
    }

    /// How the last run of a node's task went.
    private struct Standing {
        let state: TaskState
        let finishedAt: Timestamp?
        let path: String
        let duration: Duration?
        let rows: Int?
    }

    /// The newest known standing of every task, by its name without the pipeline.
    private func standings(now: Timestamp) async throws -> [String: Standing] {
        var standings: [String: Standing] = [:]
        for id in current.pipelines.map(\.definition.id) {
            for run in try await store.runs(of: id, states: nil, limit: 3) {
                for task in try await store.tasks(of: run.id) where task.result.state != .none {
                    let standing = Standing(
                        state: task.result.state, finishedAt: task.result.finishedAt,
                        path: Paths.task(task.result.id, of: run.id), duration: task.duration(now: now), rows: task.result.rows)
                    let name = task.result.id.rawValue
                    if let known = standings[name], (known.finishedAt ?? now) >= (standing.finishedAt ?? now) { continue }
                    standings[name] = standing
                }
            }
        }
        return standings
    }

    private func standing(of node: LineageNode, _ standings: [String: Standing]) -> Standing? {
        if node.kind == .connection {
            let tasks = project.pipelines.flatMap(\.tasks).filter { task in
                if case .sync(let connection, _) = task.kind { connection == node.name } else { false }
            }
            return ([node.name] + tasks.map(\.name)).compactMap { standings[$0] }
                .max { ($0.finishedAt?.microseconds ?? .max) < ($1.finishedAt?.microseconds ?? .max) }
        }
        return node.taskNames.lazy.compactMap { standings[$0] }.first
    }

    private func lineagePage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let nodes = try await lineage.lineage().nodes
        let standings = try await standings(now: now)
        let index = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var edges: [(from: Int, to: Int)] = []
        for (place, node) in nodes.enumerated() {
            for upstream in node.upstream { if let from = index[upstream] { edges.append((from, place)) } }
        }
        let cards = nodes.map { node -> GraphChart.Card in
            let standing = standing(of: node, standings)
            let age = standing?.finishedAt.map { ", \(Moment.ago($0, now: now))" } ?? ""
            return GraphChart.Card(
                title: node.name, subtitle: (node.materialization ?? node.kind.rawValue) + age,
                path: "/models/\(FormFields.encode(node.id))", state: standing?.state.rawValue ?? "none",
                hint: [node.relation, node.description.isEmpty ? nil : node.description].compactMap { $0 }.joined(separator: "\n")
            )
        }
        let chart = GraphChart(cards: cards, edges: edges, label: "lineage of \(project.name)", isCanvas: true)
        let values: [String: Value] = ["drawing": .markup(chart.svg()), "count": .int(nodes.count)]
        return try pages.page("lineage.html", values, for: request, context, section: "Lineage", live: true)
    }

    private func modelPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let id = try context.part("id")
        let now = clock.now()
        let nodes = try await lineage.lineage().nodes
        guard let node = nodes.first(where: { $0.id == id }) else { throw Problem.notFound("'\(id)' in the project's lineage") }
        let standing = standing(of: node, try await standings(now: now))
        func link(_ other: LineageNode) -> Value {
            Value([
                "name": .string(other.name), "kind": .string(other.kind.rawValue),
                "path": .string("/models/\(FormFields.encode(other.id))"),
            ])
        }
        let values: [String: Value] = [
            "node": Value([
                "name": .string(node.name), "kind": .string(node.kind.rawValue), "relation": Value(node.relation),
                "materialization": Value(node.materialization), "description": .string(node.description),
                "tags": Value(node.tags),
                "file": Value(node.file), "code": Value(node.code), "tests": Value(node.tests),
            ]),
            "columns": Value(
                node.columns.map { column in
                    Value([
                        "name": .string(column.name), "type": Value(column.type), "description": .string(column.description),
                        "tests": Value(column.tests),
                    ])
                }),
            "upstream": Value(nodes.filter { node.upstream.contains($0.id) }.map(link)),
            "downstream": Value(nodes.filter { $0.upstream.contains(id) }.map(link)),
            "query": Value(Self.select(from: node)),
            "standing": standing.map {
                Value([
                    "state": .string($0.state.rawValue), "path": .string($0.path),
                    "finished": Moment.value($0.finishedAt, now: now),
                    "duration": Value($0.duration.map(Moment.duration)), "rows": $0.rows.map { .int($0) } ?? .none,
                ])
            } ?? .none,
        ]
        return try pages.page("model.html", values, for: request, context, section: "Lineage", live: true)
    }

    /// A look at what a node keeps in the warehouse.
    private static func select(from node: LineageNode) -> String? {
        guard let relation = node.relation, node.kind != .table, node.materialization != "ephemeral" else { return nil }
        let parts = relation.split(separator: ".")
        return "SELECT * FROM \(parts.suffix(2).joined(separator: ".")) LIMIT 100"
    }
}
