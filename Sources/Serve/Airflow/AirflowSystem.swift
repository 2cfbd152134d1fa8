import Documents
import HTTPTypes
import Hummingbird
import Orchestrate
import Project

/// What Airflow's API says beside runs: health, version, pools, events, errors of files, tables.
struct AirflowSystem: Sendable {
    let site: Site
    let dialect: AirflowDialect

    var routes: [Route] {
        let prefix = dialect.prefix
        let routes: [Route] = [
            .get("\(prefix)/version", nil) { _, _ in
                Response(json: ["version": .string(dialect.version), "git_version": "leat"])
            },
            .get("\(prefix)/pools", .look) { request, _ in
                let use = try await PoolUse(of: site)
                let pools = site.project.pools.sorted { $0.key < $1.key }.map { pool($0.key, slots: $0.value, use) }
                return Response(json: try AirflowList(request, dialect).page(pools, as: "pools"))
            },
            .get("\(prefix)/pools/:name", .look) { _, context in
                let name = try context.part("name")
                guard let slots = site.project.pools[name] else { throw Problem.notFound("pool '\(name)'") }
                return Response(json: pool(name, slots: slots, try await PoolUse(of: site)))
            },
            .get("\(prefix)/eventLogs", .administer) { request, _ in try await events(request) },
            .get("\(prefix)/eventLogs/:id", .administer) { _, context in
                guard let id = Int(try context.part("id")), let entry = try await site.store.audit(AuditFilter(id: id)).first
                else { throw Problem.notFound("event with that number") }
                return Response(json: event(entry))
            },
            .get("\(prefix)/config", .administer) { _, _ in Response(json: ["sections": .array(sections)]) },
            .get("\(prefix)/config/section/:section/option/:option", .administer) { _, context in
                let (name, option) = (try context.part("section"), try context.part("option"))
                let section = sections.first { $0["name"]?.string?.lowercased() == name.lowercased() }
                let value = section?["options"]?.array?.first { $0["key"]?.string?.lowercased() == option.lowercased() }
                guard let value else { throw Problem.notFound("option '\(option)' in the section '\(name)'") }
                return Response(json: ["sections": [["name": .string(name), "options": [value]]]])
            },
            .get("\(prefix)/importErrors", .look) { request, _ in
                Response(json: try AirflowList(request, dialect).page(importErrors, as: "import_errors"))
            },
            .get("\(prefix)/importErrors/:id", .look) { _, context in
                let id = try context.part("id")
                guard let found = importErrors.first(where: { $0["import_error_id"]?.int.map(String.init) == id }) else {
                    throw Problem.notFound("import error '\(id)'")
                }
                return Response(json: found)
            },
        ]
        return routes + ownRoutes + refusals
    }

    /// What stands in files is changed there; each way to change it here says so.
    private var refusals: [Route] {
        ["pools"].flatMap { name -> [Route] in
            let refuse: Route.Handler = { _, _ in
                throw Problem(
                    .methodNotAllowed, "\(name) stand in the project's files", hint: "change them in \(LeatProject.fileName)")
            }
            let path = "\(dialect.prefix)/\(name)"
            return [
                .post(path, .edit, refuse), .patch(path, .edit, refuse), .patch("\(path)/:name", .edit, refuse),
                .delete("\(path)/:name", .edit, refuse),
            ]
        }
    }

    /// What each of the APIs has under a name of its own.
    private var ownRoutes: [Route] {
        let (healthPath, tablesName) = dialect == .v1 ? ("health", "datasets") : ("monitor/health", "assets")
        return [
            .get("\(dialect.prefix)/\(healthPath)", nil) { _, _ in Response(json: health) },
            .get("\(dialect.prefix)/\(tablesName)", .look) { request, _ in
                let wanted =
                    request.fields[dialect == .v1 ? "uri_pattern" : "name_pattern"]?.replacing("%", with: "").lowercased() ?? ""
                let tables = try await tables().filter { table in
                    let name = (dialect == .v1 ? table["uri"] : table["name"])?.string ?? ""
                    return wanted.isEmpty || name.lowercased().contains(wanted)
                }
                return Response(json: try AirflowList(request, dialect).page(tables, as: tablesName))
            },
            // By its address in the first API, by its number in the second.
            .get("\(dialect.prefix)/\(tablesName)/:table", .look) { _, context in
                let name = try context.part("table")
                let found = try await tables().first { table in
                    dialect == .v1 ? table["uri"]?.string == name : table["id"]?.int.map(String.init) == name
                }
                guard let found else { throw Problem.notFound("table '\(name)'") }
                return Response(json: found)
            },
        ] + (dialect == .v2 ? countRoutes : [])
    }

    /// What Airflow 3 counts for its own pages.
    private var countRoutes: [Route] {
        [
            .get("\(dialect.prefix)/dagTags", .look) { request, _ in
                let tags = Set(site.current.pipelines.flatMap(\.definition.tags)).sorted()
                let pattern = (request.fields["tag_name_pattern"] ?? "").replacing("%", with: "").lowercased()
                let wanted = tags.filter { pattern.isEmpty || $0.lowercased().contains(pattern) }
                return Response(json: try AirflowList(request, dialect).page(wanted.map { .string($0) }, as: "tags"))
            },
            .get("\(dialect.prefix)/dagStats", .look) { request, _ in
                let wanted = Set(request.fields.all("dag_ids"))
                var items: [JSON] = []
                for id in site.current.pipelines.map(\.definition.id) where wanted.isEmpty || wanted.contains(id.rawValue) {
                    var stats: [JSON] = []
                    for state in RunState.allCases where state != .cancelled {
                        var query = RunQuery(of: id)
                        query.states = state == .failed ? [.failed, .cancelled] : [state]
                        stats.append(["state": .string(state.rawValue), "count": .int(try await site.store.count(query))])
                    }
                    items.append([
                        "dag_id": .string(id.rawValue), "dag_display_name": .string(id.rawValue), "stats": .array(stats),
                    ])
                }
                return Response(json: ["dags": .array(items), "total_entries": .int(items.count)])
            },
        ]
    }

    private var health: JSON {
        let scheduler: JSON = .members([
            ("status", .string(site.store.isSchedulerRunning() ? "healthy" : "unhealthy")),
            ("latest_scheduler_heartbeat", site.store.isSchedulerRunning() ? site.clock.now().airflow : .null),
        ])
        // Of these two Leat has none; Airflow says so of one that has never run.
        return .members([
            ("metadatabase", ["status": "healthy"]), ("scheduler", scheduler),
            ("triggerer", ["status": .null, "latest_triggerer_heartbeat": .null]),
            ("dag_processor", ["status": .null, "latest_dag_processor_heartbeat": .null]),
        ])
    }

    private func pool(_ name: String, slots: Int, _ use: PoolUse) -> JSON {
        let running = use[name, .running]
        let queued = use[name, .queued]
        return .members([
            ("name", .string(name)), ("slots", .int(slots)), ("description", .null), ("include_deferred", .bool(false)),
            ("occupied_slots", .int(running + queued)), ("running_slots", .int(running)), ("queued_slots", .int(queued)),
            ("scheduled_slots", .int(use[name, .scheduled])), ("deferred_slots", .int(0)),
            ("open_slots", .int(max(0, slots - running - queued))),
        ])
    }

    private func events(_ request: Request) async throws -> Response {
        let fields = request.fields
        let entries = try await site.store.audit(
            AuditFilter(
                author: fields["owner"].map { Author($0) }, pipeline: fields["dag_id"].map { PipelineID($0) },
                action: fields["event"], limit: 10_000))
        return Response(json: try AirflowList(request, dialect).page(entries.map(event), as: "event_logs"))
    }

    private func event(_ entry: AuditEntry) -> JSON {
        .members([
            ("event_log_id", .int(entry.id ?? 0)), ("when", entry.at.airflow), ("event", .string(entry.action)),
            ("owner", .string(entry.author.name)), ("dag_id", .string(entry.pipeline?.rawValue)),
            ("dag_display_name", .string(entry.pipeline?.rawValue)), ("run_id", .string(entry.run)),
            ("task_id", .string(entry.task?.rawValue)), ("task_display_name", .string(entry.task?.rawValue)),
            ("execution_date", .null), ("logical_date", .null), ("map_index", .null), ("try_number", .null),
            ("extra", entry.details.isNull ? .null : .string(entry.details.text())),
        ])
    }

    /// What is wrong with the project's file, while the last state that was right counts.
    private var importErrors: [JSON] {
        guard let problem = site.current.problem else { return [] }
        return [
            .members([
                ("import_error_id", .int(1)), ("timestamp", problem.since.airflow), ("filename", .string(LeatProject.fileName)),
                ("bundle_name", .string("leat")), ("stack_trace", .string(problem.text)), ("stacktrace", .string(problem.text)),
            ])
        ]
    }

    private var sections: [JSON] {
        let settings: [(String, String)] = [
            ("dags_folder", site.project.directory), ("executor", "LeatExecutor"), ("default_timezone", "utc"),
        ]
        return [
            .members([
                ("name", "core"),
                ("options", .array(settings.map { .members([("key", .string($0.0)), ("value", .string($0.1))]) })),
            ])
        ]
    }

    /// The tables that the project fills, by their names in the warehouse.
    private func tables() async throws -> [JSON] {
        let nodes = try await site.lineage.lineage().nodes.filter { $0.relation != nil }
        let moment = site.clock.now().airflow
        return nodes.enumerated().map { index, node in
            let uri = JSON.string("leat://" + (node.relation ?? node.name).replacing("\"", with: ""))
            var members: [(String, JSON)] = [
                ("id", .int(index + 1)), ("uri", uri), ("extra", .object(JSON.Members())), ("created_at", moment),
                ("updated_at", moment), ("consuming_dags", .array([])), ("producing_tasks", .array([])),
            ]
            if dialect == .v2 {
                members += [
                    ("name", .string(node.name)), ("group", .string(node.kind.rawValue)), ("aliases", .array([])),
                    ("consuming_tasks", .array([])), ("scheduled_dags", .array([])), ("watchers", .array([])),
                    ("last_asset_event", .null),
                ]
            }
            return .members(members)
        }
    }
}
