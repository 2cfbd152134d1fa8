import Diagnostics
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// What the project makes of its data: documentation in place.
    var modelRoutes: [Route] {
        [
            .get("/models", .look) { request, context in try await modelList(request, context) },
            .get("/models/:id", .look) { request, context in try await modelPage(request, context) },
        ]
    }

    private static var kinds: [LineageNode.Kind] { [.model, .source, .seed, .snapshot, .table, .connection, .exposure] }
    /// How many are listed at once.
    private static var listed: Int { 300 }

    private func modelList(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let fields = request.fields
        let words = (fields["q"] ?? "").lowercased().split(whereSeparator: \.isWhitespace)
        let kind = fields["kind"].flatMap { LineageNode.Kind(rawValue: $0) }
        let nodes = try await lineage.lineage().nodes
        let standings = try await standings(now: now)
        let found = nodes.filter { node in
            guard kind == nil || node.kind == kind else { return false }
            return words.allSatisfy { word in node.texts.contains { $0.lowercased().contains(word) } }
        }
        let values: [String: Value] = [
            "query": .string(fields["q"] ?? ""), "kind": Value(kind?.rawValue),
            "kinds": Value(Self.kinds.filter { kind in nodes.contains { $0.kind == kind } }.map(\.rawValue)),
            "count": .int(found.count), "all": .int(nodes.count),
            "nodes": Value(
                found.prefix(Self.listed).map { node in
                    let standing = standing(of: node, standings)
                    let column =
                        words.isEmpty ? nil : node.columns.first { column in words.allSatisfy(column.name.lowercased().contains) }
                    return Value([
                        "name": .string(node.name), "path": .string(Paths.node(node.id)), "kind": .string(node.kind.rawValue),
                        "materialization": Value(node.materialization), "description": .string(node.description),
                        "tags": Value(node.tags), "tests": .int(node.testCount), "columns": .int(node.columns.count),
                        "state": Value(standing?.state.rawValue), "finished": Moment.value(standing?.finishedAt, now: now),
                        "column": Value(column?.name),
                    ])
                }),
        ]
        return try pages.page("models.html", values, for: request, context, section: "Models")
    }

    private func modelPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let id = try context.part("id")
        let now = clock.now()
        let project = try await lineage.lineage()
        let nodes = project.nodes
        guard let node = nodes.first(where: { $0.id == id }) else { throw Problem.notFound("'\(id)' in the project's lineage") }
        let standing = standing(of: node, try await standings(now: now))
        let compiled = await project.compiledCode(of: id)
        // The page stands without the warehouse too.
        let catalog = try? await warehouse.catalog()
        let key = WarehouseShelf.Catalog.key(of: node.relation)
        let size = key.flatMap { catalog?.sizes[$0] }
        let values: [String: Value] = [
            "node": Value([
                "id": .string(node.id), "name": .string(node.name), "kind": .string(node.kind.rawValue),
                "relation": Value(node.relation),
                "materialization": Value(node.materialization), "description": .string(node.description),
                "tags": Value(node.tags), "file": Value(node.file), "code": Value(node.code), "tests": Value(node.tests),
                "compiled": Value(compiled?.text), "compiled_at": Moment.value(compiled?.at, now: now),
                "rows": Value(size?.rows.map(Amount.count)), "bytes": Value(size.map { Amount.bytes($0.bytes) }),
            ]),
            "columns": Value(Self.columns(of: node, types: key.flatMap { catalog?.columns[$0] } ?? [:])),
            "upstream": Value(nodes.filter { node.upstream.contains($0.id) }.map(Self.link)),
            "downstream": Value(nodes.filter { $0.upstream.contains(id) }.map(Self.link)),
            "query": Value(Self.select(from: node)), "selection": .string(Self.selection(of: node)),
            "connection": Value(node.kind == .connection ? Paths.connection(node.name) : nil),
            "history": .markup(try await history(of: node, now: now)),
            "standing": standing.map {
                Value([
                    "state": .string($0.state.rawValue), "path": .string($0.path),
                    "finished": Moment.value($0.finishedAt, now: now),
                    "duration": Value($0.duration.map(Moment.duration)), "rows": Value($0.rows.map(Amount.count)),
                ])
            } ?? .none,
        ]
        return try pages.page("model.html", values, for: request, context, section: "Models", live: true)
    }

    private static func link(_ other: LineageNode) -> Value {
        Value(["name": .string(other.name), "kind": .string(other.kind.rawValue), "path": .string(Paths.node(other.id))])
    }

    /// The documented columns, and after them those that only the warehouse knows.
    private static func columns(of node: LineageNode, types: [String: String]) -> [Value] {
        let known = node.columns.map { column in
            Value([
                "name": .string(column.name), "type": Value(column.type ?? types[column.name]),
                "description": .string(column.description), "tests": Value(column.tests),
            ])
        }
        let names = Set(node.columns.map(\.name))
        let others = types.keys.filter { !names.contains($0) && !$0.hasPrefix("_airbyte") }.sorted()
        return known + others.map { Value(["name": .string($0), "type": Value(types[$0]), "description": "", "tests": []]) }
    }

    /// What shows a node with all before and after it in the lineage.
    private static func selection(of node: LineageNode) -> String {
        node.kind == .source ? "+source:\(node.name)+" : node.kind == .exposure ? "+exposure:\(node.name)" : "+\(node.name)+"
    }

    /// A look at what a node keeps in the warehouse.
    private static func select(from node: LineageNode) -> String? {
        guard let relation = node.relation, node.kind != .table, node.materialization != "ephemeral" else { return nil }
        let parts = relation.split(separator: ".")
        return "SELECT * FROM \(parts.suffix(2).joined(separator: ".")) LIMIT 100"
    }

    /// The last runs of a node as bars: the height is the time that it took.
    private func history(of node: LineageNode, now: Timestamp) async throws -> String {
        var entries: [TaskHistory] = []
        for pipeline in current.pipelines.map(\.definition.id) {
            for name in node.taskNames { entries += try await store.history(of: TaskID(name), in: pipeline, runs: 30) }
        }
        let newest = entries.filter { $0.task.result.state != .none }.sorted { $0.queuedAt > $1.queuedAt }.prefix(30)
        guard newest.count > 1 else { return "" }
        let chart = StreamChart(
            streams: ["time"],
            bars: newest.reversed().map { entry in
                let duration = entry.task.duration(now: now) ?? .zero
                let rows = entry.task.result.rows.map { ", \(Amount.count($0)) rows" } ?? ""
                return StreamChart.Bar(
                    title:
                        "\(entry.task.result.state.rawValue), \(Moment.ago(entry.queuedAt, now: now)), \(Moment.duration(duration))\(rows)",
                    path: Paths.task(entry.task.result.id, of: entry.run), state: entry.task.result.state.rawValue,
                    amounts: [Int(duration.inMicroseconds)])
            }, label: "how long the last runs took", words: { Moment.duration(.microseconds($0)) })
        return chart.svg()
    }
}

extension LineageNode {
    /// What a search looks into.
    fileprivate var texts: [String] {
        [name, description, relation ?? ""] + tags + columns.map(\.name) + columns.map(\.description)
    }

    fileprivate var testCount: Int { tests.count + columns.reduce(0) { $0 + $1.tests.count } }
}
