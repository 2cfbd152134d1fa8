import Documents
import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Pools, who did what, and which settings come from where.
    var systemRoutes: [Route] {
        [
            .get("/admin/pools", .edit) { request, context in try await poolsPage(request, context) },
            .get("/admin/audit", .administer) { request, context in try await auditPage(request, context) },
            .get("/admin/configuration", .administer) { request, context in try configurationPage(request, context) },
        ]
    }

    private func poolsPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let use = try await PoolUse(of: self)
        let values: [String: Value] = [
            "tab": "Pools",
            "pools": Value(
                project.pools.sorted { $0.key < $1.key }.map { name, size in
                    let running = use[name, .running]
                    let queued = use[name, .queued]
                    return Value([
                        "name": .string(name), "size": .int(size), "running": .int(running), "queued": .int(queued),
                        "waiting": .int(use[name, .scheduled]), "free": .int(max(0, size - running - queued)),
                    ])
                }),
        ]
        return try pages.page("pools.html", values, for: request, context, section: "Admin", live: true)
    }

    private func auditPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let fields = request.fields
        func word(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let limit = min(max(fields["limit"].flatMap { Int($0) } ?? 100, 1), 5000)
        let entries = try await store.audit(
            AuditFilter(
                author: word("who").map { Author($0) }, pipeline: word("pipeline").map { PipelineID($0) }, action: word("action"),
                limit: limit + 1))
        let values: [String: Value] = [
            "tab": "Audit log", "who": .string(word("who") ?? ""), "action": .string(word("action") ?? ""),
            "pipeline": .string(word("pipeline") ?? ""), "more": entries.count > limit ? .int(limit * 4) : .none,
            "entries": Value(
                entries.prefix(limit).map { entry in
                    let run = entry.run.flatMap { run in entry.pipeline.map { RunID(pipeline: $0, name: run) } }
                    return Value([
                        "at": Moment.value(entry.at, now: now), "who": .string(entry.author.name),
                        "action": .string(entry.action),
                        "pipeline": Value(entry.pipeline?.rawValue), "run": Value(entry.run), "task": Value(entry.task?.rawValue),
                        "path": Value(run.map { Paths.run($0) } ?? entry.pipeline.map { Paths.pipeline($0) }),
                        "details": Value(entry.details.isNull ? nil : entry.details.text()),
                    ])
                }),
        ]
        return try pages.page("audit.html", values, for: request, context, section: "Admin")
    }

    private func configurationPage(_ request: Request, _ context: RequestFrame) throws -> Response {
        let file = LeatProject.fileName
        var rows: [(name: String, text: String, source: String)] = [
            ("project", project.name, file), ("folder", project.directory, "where \(file) is"),
            ("store", ProjectStore.path(of: project), "below the project's folder"),
            ("users", project.directory + "/.leat/access.db", "below the project's folder"),
            ("cookies over TLS only", isSecure ? "yes" : "no", "how the server was started"),
        ]
        for item in project.services {
            rows.append(("service \(item.name)", "PostgreSQL on port \(item.port)", "\(item.location)"))
        }
        for item in project.sources { rows.append(("source \(item.name)", "\(item.connector)", "\(item.location)")) }
        for item in project.destinations { rows.append(("destination \(item.name)", "\(item.connector)", "\(item.location)")) }
        for item in project.connections {
            rows.append(
                (
                    "connection \(item.name)", "\(item.source) → \(item.destination), \(ScheduleWords.text(item.schedule))",
                    "\(item.location)"
                ))
        }
        for item in current.pipelines where item.definition.location != nil {
            let definition = item.definition
            rows.append(
                (
                    "pipeline \(definition.id)",
                    "\(ScheduleWords.text(definition.schedule)); at most \(definition.maxActiveRuns) runs and \(definition.maxActiveTasks) tasks",
                    definition.location.map { "\($0)" } ?? file
                ))
        }
        for (name, size) in project.pools.sorted(by: { $0.key < $1.key }) { rows.append(("pool \(name)", "\(size) slots", file)) }
        for name in project.variables.keys.sorted() { rows.append(("var \(name)", "set", "\(file), or --vars")) }
        let values: [String: Value] = [
            "tab": "Configuration", "problem": Value(current.problem?.text),
            "rows": Value(
                rows.map { Value(["name": .string($0.name), "text": .string($0.text), "source": .string($0.source)]) }),
        ]
        return try pages.page("configuration.html", values, for: request, context, section: "Admin")
    }
}
