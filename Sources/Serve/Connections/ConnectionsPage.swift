import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// Connections with what they have moved, and the sources and destinations that they join.
    var connectionRoutes: [Route] {
        [
            .get("/connections", .look) { request, context in try await connectionList(request, context) },
            .get("/connections/:connection", .look) { request, context in try await connectionPage(request, context) },
            .post("/connections/:connection/sync", .run) { request, context in
                let entry = try connection(context)
                let form = try await Doorman.form(request, context)
                var run = RunRequest(kind: .manual)
                if let note = form["note"], !note.isEmpty { run.note = String(note.prefix(500)) }
                let record = try await control(context).trigger(try pipeline(of: entry.name), run)
                return .seeOther(Paths.run(record.id))
            },
        ]
    }

    /// The connection that the path names.
    func connection(_ context: RequestFrame) throws -> ConnectionEntry {
        let name = try context.part("connection")
        guard let entry = project.connections.first(where: { $0.name == name }) else {
            throw Problem.notFound("connection '\(name)'")
        }
        return entry
    }

    /// The pipeline that runs a connection by itself.
    func pipeline(of connection: String) throws -> PipelineDefinition {
        guard let pipeline = current.pipelines.first(where: { $0.definition.id.rawValue == "sync.\(connection)" }) else {
            throw Problem.notFound("pipeline of the connection '\(connection)'")
        }
        return pipeline.definition
    }

    /// The tasks that run a connection: its own pipeline's, and those of others.
    private func tasks(of connection: String) -> [(pipeline: PipelineID, task: TaskID)] {
        var tasks = [(PipelineID("sync.\(connection)"), TaskID(connection))]
        for pipeline in project.pipelines {
            for (path, task) in pipeline.allTasks {
                if case .sync(connection, _) = task.kind { tasks.append((PipelineID(pipeline.name), TaskID(path))) }
            }
        }
        return tasks
    }

    private func history(of connection: String, limit: Int) async throws -> SyncHistory {
        var entries: [TaskHistory] = []
        for (pipeline, task) in tasks(of: connection) {
            entries += try await store.history(of: task, in: pipeline, runs: limit)
        }
        return SyncHistory(entries, limit: limit)
    }

    /// In which pipelines a connection runs, besides by itself.
    private func pipelines(of connection: String) -> [Value] {
        tasks(of: connection).dropFirst().map { pipeline, _ in
            Value(["name": .string(pipeline.rawValue), "path": .string(Paths.pipeline(pipeline))])
        }
    }

    private func connectionList(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        var items: [Value] = []
        for entry in project.connections {
            let history = try await history(of: entry.name, limit: 20)
            let bars = history.syncs.map { sync in
                (path: Paths.run(sync.run), state: sync.task.result.state.rawValue, rows: sync.task.result.rows ?? 0, at: sync.at)
            }
            items.append(
                Value([
                    "name": .string(entry.name), "path": .string(Paths.connection(entry.name)), "source": .string(entry.source),
                    "destination": .string(entry.destination), "schedule": .string(ScheduleWords.text(entry.schedule)),
                    "pipelines": Value(pipelines(of: entry.name)), "streams": .int(entry.streams.count),
                    "state": Value(history.syncs.first?.task.result.state.rawValue),
                    "last": Moment.value(bars.first?.at, now: now),
                    "rows": Value(bars.first.map { Amount.count($0.rows) }),
                    "bars": .markup(
                        AmountBars(bars: bars.map { ($0.path, $0.state, $0.rows, Moment.ago($0.at, now: now)) }).svg()),
                ]))
        }
        let values: [String: Value] = [
            "connections": Value(items), "sources": Value(project.sources.map { value(of: $0, .source) }),
            "destinations": Value(project.destinations.map { value(of: $0, .destination) }),
        ]
        return try pages.page("connections.html", values, for: request, context, section: "Connections", live: true)
    }

    private func value(of entry: ConnectorEntry, _ role: ConnectorRole) -> Value {
        let users = project.connections.filter { (role == .source ? $0.source : $0.destination) == entry.name }
        return Value([
            "name": .string(entry.name), "path": .string(Paths.connector(entry.name, role)),
            "connector": .string(entry.connector.words),
            "connections": Value(
                users.map { Value(["name": .string($0.name), "path": .string(Paths.connection($0.name))]) }),
        ])
    }

    private func connectionPage(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let entry = try connection(context)
        let now = clock.now()
        let history = try await history(of: entry.name, limit: 40)
        let measure = request.fields["measure"] == "bytes" ? "bytes" : "rows"
        let chart = Self.chart(of: history, measure: measure, now: now)
        let changes = history.syncs.flatMap { sync in
            sync.changes.map {
                Value([
                    "text": .string($0), "at": Moment.value(sync.at, now: now),
                    "path": .string(Paths.task(sync.task.result.id, of: sync.run)),
                ])
            }
        }
        let values: [String: Value] = [
            "name": .string(entry.name), "path": .string(Paths.connection(entry.name)), "source": .string(entry.source),
            "made": .bool(!entry.origin.isFile), "source_path": .string(Paths.connector(entry.source, .source)),
            "destination": .string(entry.destination),
            "destination_path": .string(Paths.connector(entry.destination, .destination)),
            "schedule": .string(ScheduleWords.text(entry.schedule)), "pipelines": Value(pipelines(of: entry.name)),
            "facts": Value(Self.facts(of: entry)), "measure": .string(measure), "chart": .markup(chart.svg()),
            "legend": Value(
                history.streamNames.enumerated().map {
                    Value(["name": .string($1), "colour": .int(min($0, StreamChart.colours - 1))])
                }),
            "streams": Value(entry.streams.map { Self.value(of: $0, history) }), "changes": Value(Array(changes.prefix(30))),
            "syncs": Value(history.syncs.prefix(15).map { Self.value(of: $0, now: now) }),
        ]
        return try pages.page("connection.html", values, for: request, context, section: "Connections", live: true)
    }

    private static func chart(of history: SyncHistory, measure: String, now: Timestamp) -> StreamChart {
        let names = history.streamNames
        let isBytes = measure == "bytes"
        var bars: [StreamChart.Bar] = []
        for sync in history.syncs.reversed() {
            let amounts = names.map { name -> Int in
                sync.streams.filter { $0.name == name }.reduce(0) { $0 + (isBytes ? $1.bytes : $1.rows) }
            }
            let state = sync.task.result.state.rawValue
            let rows = Amount.count(sync.task.result.rows ?? 0)
            bars.append(
                StreamChart.Bar(
                    title: "\(state), \(Moment.ago(sync.at, now: now)), \(rows) rows",
                    path: Paths.task(sync.task.result.id, of: sync.run), state: state, amounts: amounts))
        }
        return StreamChart(
            streams: names, bars: bars, label: "\(measure) of the last syncs by stream",
            words: isBytes ? { Amount.bytes($0) } : { Amount.short($0) })
    }

    private static func facts(of entry: ConnectionEntry) -> [Value] {
        let namespace = entry.namespaceFormat.map { "\(entry.namespaceDefinition) \($0)" } ?? entry.namespaceDefinition
        return [
            ("Namespace", namespace), ("Prefix", entry.prefix), ("When the source changes", entry.schemaChanges),
            ("Streams at once", "\(entry.parallelStreams)"),
        ].filter { !$0.1.isEmpty }.map { Value(["name": .string($0.0), "text": .string($0.1)]) }
    }

    private static func value(of stream: ConnectionEntry.Stream, _ history: SyncHistory) -> Value {
        let full = stream.namespace.map { "\($0).\(stream.name)" } ?? stream.name
        let last = history.syncs.lazy.flatMap(\.streams).first { $0.name == full || $0.name == stream.name }
        return Value([
            "name": .string(full), "mode": .string(stream.syncMode.replacing("_", with: " ")),
            "cursor": Value(stream.cursorField),
            "key": Value(stream.primaryKey), "columns": Value(stream.selectedFields ?? []),
            "rows": Value(last.map { Amount.count($0.rows) }), "bytes": Value(last.map { Amount.bytes($0.bytes) }),
        ])
    }

    private static func value(of sync: SyncHistory.Sync, now: Timestamp) -> Value {
        Value([
            "state": .string(sync.task.result.state.rawValue), "pipeline": .string(sync.run.pipeline.rawValue),
            "path": .string(Paths.task(sync.task.result.id, of: sync.run)), "at": Moment.value(sync.at, now: now),
            "duration": Value(sync.task.duration(now: now).map(Moment.duration)),
            "rows": Value(sync.task.result.rows.map(Amount.count)), "bytes": Value(sync.task.result.bytes.map(Amount.bytes)),
            "message": Value(sync.task.result.failure?.message ?? sync.task.result.message),
        ])
    }
}

/// Which end of a connection something is.
enum ConnectorRole: String { case source, destination }
