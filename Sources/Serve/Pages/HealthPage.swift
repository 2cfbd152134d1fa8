import Diagnostics
import Foundation
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// What Home shows once it stands: how fresh the marts are, and how the parts of the platform are. It asks databases, and reads
    /// dbt projects.
    var healthRoutes: [Route] {
        [.get("/health/details", .look) { request, context in try await healthPage(request, context) }]
    }

    private func healthPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        async let podPart = podPart()
        var values: [String: Value] = ["marts": .none, "problem": .none, "count": 0]
        do {
            let marts = try await marts(now: now)
            values["marts"] = Value(marts)
        } catch let error as any UserFacingError {
            values["problem"] = .string(error.location.map { "\($0): \(error.message)" } ?? error.message)
        }
        let pods = try await podPart
        values["pods"] = pods.table
        values["parts"] = Value(
            (try await parts(now: now) + (pods.part.map { [$0] } ?? [])).map { part in
                Value([
                    "name": .string(part.name), "state": .string(part.state), "text": .string(part.text),
                    "hint": Value(part.hint),
                ])
            })
        return try pages.page("health.html", values, for: request, context, section: "Home")
    }

    // MARK: Marts

    /// What nobody in the project reads further: the models that the project is there for.
    private func marts(now: Timestamp) async throws -> [Value] {
        let lineage = try await lineage.lineage()
        let read = Set(lineage.nodes.filter { $0.kind == .model || $0.kind == .snapshot }.flatMap(\.upstream))
        let marts = lineage.nodes.filter { $0.kind == .model && !read.contains($0.id) && $0.materialization != "ephemeral" }
        guard !marts.isEmpty else { return [] }
        let updates = try await updates()
        let catalog = try? await warehouse.catalog()
        let byID = Dictionary(lineage.nodes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let items = marts.map { mart -> (Freshness, Value) in
            let update = mart.taskNames.compactMap { updates[$0] }.max { $0.at < $1.at }
            let schedule = update.flatMap { update in
                current.pipelines.first { $0.definition.id == update.pipeline }?.definition.schedule
            }
            let freshness = Freshness(updatedAt: update?.at, schedule: schedule ?? .manual, now: now)
            let size = WarehouseShelf.Catalog.key(of: mart.relation).flatMap { catalog?.sizes[$0] }
            let value = Value([
                "name": .string(mart.name), "path": .string(Paths.node(mart.id)), "verdict": .string(freshness.verdict.rawValue),
                "updated": Moment.value(freshness.updatedAt, now: now), "next": Moment.value(freshness.next, now: now),
                "schedule": Value(schedule.map(ScheduleWords.text)),
                "source": Moment.value(source(of: mart, byID, updates), now: now),
                "rows": Value(size?.rows.map(Amount.count)),
                "bytes": Value(size.flatMap { $0.bytes > 0 ? Amount.bytes($0.bytes) : nil }),
                "relation": Value(WarehouseShelf.Catalog.key(of: mart.relation)),
            ])
            return (freshness, value)
        }
        let order: [Freshness.Verdict] = [.late, .never, .due, .fresh]
        return items.enumerated().sorted { a, b in
            let ranks = (order.firstIndex(of: a.element.0.verdict) ?? 0, order.firstIndex(of: b.element.0.verdict) ?? 0)
            return (ranks.0, a.offset) < (ranks.1, b.offset)
        }.prefix(100).map(\.element.1)
    }

    private struct Update {
        let pipeline: PipelineID
        let at: Timestamp
    }

    /// When each task last ended well, by its name without the pipeline.
    private func updates() async throws -> [String: Update] {
        var updates: [String: Update] = [:]
        for id in current.pipelines.map(\.definition.id) {
            for (task, at) in try await store.lastSuccesses(of: id, runs: 50) {
                if let known = updates[task.rawValue], known.at >= at { continue }
                updates[task.rawValue] = Update(pipeline: id, at: at)
            }
        }
        return updates
    }

    /// When the data that a node is made of came in: the oldest of the connections before it.
    private func source(of node: LineageNode, _ nodes: [String: LineageNode], _ updates: [String: Update]) -> Timestamp? {
        var seen: Set<String> = []
        var pending = node.upstream
        var oldest: Timestamp?
        while let id = pending.popLast() {
            guard seen.insert(id).inserted, let next = nodes[id] else { continue }
            if next.kind == .connection {
                let names = connectionTasks(next.name)
                guard let at = names.compactMap({ updates[$0]?.at }).max() else { continue }
                oldest = min(oldest ?? at, at)
            }
            pending += next.upstream
        }
        return oldest
    }

    // MARK: Parts of the platform

    private struct Part {
        let name: String
        /// `success`, `failed`, `skipped`: the colour.
        let state: String
        let text: String
        var hint: String?
    }

    /// The tasks that run in a cluster, and whether it answers; nothing where the project says nothing of one.
    private func podPart() async throws -> (part: Part?, table: Value) {
        let listings: [PodListing]
        do {
            guard let found = try await pods.listings() else { return (nil, .none) }
            listings = found
        } catch {
            // A project may say how pods are to be, and have none.
            guard project.hasPods else { return (nil, .none) }
            let error = error as? any UserFacingError
            return (
                Part(name: "Cluster", state: "failed", text: error?.message ?? "does not answer", hint: error?.hint), .none
            )
        }
        let rows = listings.flatMap { listing in listing.pods.map { (listing.namespace, $0) } }
        let phases = Dictionary(grouping: rows, by: \.1.phase).mapValues(\.count).sorted { $0.key < $1.key }
        let words = phases.map { "\($0.value) \($0.key.lowercased())" }.joined(separator: ", ")
        let table = rows.prefix(50).map { namespace, pod in
            Value([
                "name": .string(pod.name), "namespace": .string(namespace), "task": Value(pod.task), "try": Value(pod.attempt),
                "phase": .string(pod.phase), "node": Value(pod.node), "reason": Value(pod.reason),
                "restarts": .int(pod.restarts), "age": Value(pod.age),
                "state": .string(
                    ["Running": "running", "Succeeded": "success", "Failed": "failed", "Pending": "queued"][pod.phase] ?? "none"),
            ])
        }
        let text = rows.isEmpty ? "answers; no pods of this project" : "\(rows.count) pod\(rows.count == 1 ? "" : "s"): \(words)"
        return (Part(name: "Cluster", state: "success", text: text), Value(table))
    }

    private func parts(now: Timestamp) async throws -> [Part] {
        var parts = [
            Part(name: "Server", state: "success", text: "up \(Moment.ago(startedAt, now: now).replacing(" ago", with: ""))")
        ]
        let path = ProjectStore.path(of: project)
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        parts.append(Part(name: "Store", state: "success", text: "SQLite, \(Amount.bytes(size))"))
        parts.append(
            store.isSchedulerRunning()
                ? Part(name: "Scheduler", state: "success", text: "runs")
                : Part(
                    name: "Scheduler", state: "failed", text: "does not run: schedules are not obeyed",
                    hint: "start it with `leat serve`"))
        if let problem = current.problem {
            parts.append(
                Part(
                    name: "leat.yml", state: "failed", text: problem.text,
                    hint: "the state of \(Moment.ago(problem.since, now: now)) counts until it is mended"))
        } else {
            parts.append(Part(name: "leat.yml", state: "success", text: "as it stands"))
        }
        if !project.services.isEmpty {
            do {
                for row in try await ProjectServices(project).status() {
                    let isUp = row[1] == "running"
                    parts.append(
                        Part(
                            name: "Database \(row[0] ?? "")", state: isUp ? "success" : "failed",
                            text: "\(row[1] ?? "unknown"), port \(row[2] ?? "?")", hint: isUp ? nil : "`leat up` starts it"))
                }
            } catch {
                parts.append(
                    Part(name: "Databases", state: "failed", text: "\((error as? any UserFacingError)?.message ?? "\(error)")"))
            }
        }
        do {
            _ = try await warehouse.catalog()
        } catch {
            parts.append(
                Part(
                    name: "Warehouse", state: "failed", text: (error as? any UserFacingError)?.message ?? "does not answer",
                    hint: (error as? any UserFacingError)?.hint))
        }
        return parts
    }
}
