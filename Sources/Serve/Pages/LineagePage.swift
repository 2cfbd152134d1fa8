import Diagnostics
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// The way of data through the project.
    var lineageRoutes: [Route] {
        [.get("/lineage", .look) { request, context in try await lineagePage(request, context) }]
    }

    /// How the last run of a node's task went.
    struct Standing {
        let state: TaskState
        let finishedAt: Timestamp?
        let path: String
        let duration: Duration?
        let rows: Int?
    }

    /// The newest known standing of every task, by its name without the pipeline.
    func standings(now: Timestamp) async throws -> [String: Standing] {
        var standings: [String: Standing] = [:]
        for item in try await store.latestTasks(of: current.pipelines.map(\.definition.id), runs: 3) {
            let result = item.task.result
            guard result.state != .none else { continue }
            if let known = standings[result.id.rawValue], (known.finishedAt ?? now) >= (result.finishedAt ?? now) { continue }
            standings[result.id.rawValue] = Standing(
                state: result.state, finishedAt: result.finishedAt, path: Paths.task(result.id, of: item.run),
                duration: item.task.duration(now: now), rows: result.rows)
        }
        return standings
    }

    func standing(of node: LineageNode, _ standings: [String: Standing]) -> Standing? {
        if node.kind == .connection {
            return connectionTasks(node.name).compactMap { standings[$0] }
                .max { ($0.finishedAt?.microseconds ?? .max) < ($1.finishedAt?.microseconds ?? .max) }
        }
        return node.taskNames.lazy.compactMap { standings[$0] }.first
    }

    /// The names of the tasks that run a connection.
    func connectionTasks(_ name: String) -> [String] {
        let tasks = project.pipelines.flatMap(\.allTasks).filter { task in
            if case .sync(let connection, _) = task.task.kind { connection == name } else { false }
        }
        return [name] + tasks.map(\.path)
    }

    private func lineagePage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let project = try await lineage.lineage()
        let selection = (request.fields["select"] ?? "").trimmingSpaces
        var nodes = project.nodes
        var problem: Problem?
        if !selection.isEmpty {
            do {
                let chosen = try project.select(String(selection))
                nodes = nodes.filter { chosen.contains($0.id) }
            } catch let error as any UserFacingError {
                problem = Problem(error)
            }
        }
        let standings = try await standings(now: now)
        let index = Dictionary(nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var edges: [(from: Int, to: Int)] = []
        for (place, node) in nodes.enumerated() {
            for upstream in node.upstream { if let from = index[upstream] { edges.append((from, place)) } }
        }
        let cards = nodes.map { node -> GraphChart.Card in
            let standing = standing(of: node, standings)
            let facts = [
                node.materialization ?? node.kind.rawValue, standing?.finishedAt.map { Moment.ago($0, now: now) },
                standing?.rows.map { "\(Amount.short($0)) rows" },
            ]
            let took = standing?.duration.map { "took \(Moment.duration($0))" }
            return GraphChart.Card(
                title: node.name, subtitle: facts.compactMap { $0 }.joined(separator: " · "), path: Paths.node(node.id),
                state: standing?.state.rawValue ?? "none",
                hint: [node.relation, took, node.description.isEmpty ? nil : node.description].compactMap { $0 }.joined(
                    separator: "\n")
            )
        }
        let chart = GraphChart(cards: cards, edges: edges, label: "lineage of \(self.project.name)", isCanvas: true)
        let values: [String: Value] = [
            "drawing": .markup(chart.svg()), "count": .int(nodes.count), "selection": .string(String(selection)),
            "problem": problem.map(\.value) ?? .none,
        ]
        return try pages.page("lineage.html", values, for: request, context, section: "Lineage", live: true)
    }
}
