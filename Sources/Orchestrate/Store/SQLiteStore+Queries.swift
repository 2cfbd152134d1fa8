import Documents
import GRDB

extension SQLiteStore {
    package func runs(_ query: RunQuery) async throws -> [RunRecord] {
        let (filter, arguments) = Self.filter(query)
        let direction = query.isDescending ? "DESC" : "ASC"
        let sql = "SELECT * FROM run \(filter) ORDER BY \(query.key.sql) \(direction), id \(direction) LIMIT ? OFFSET ?"
        return try await read { db in
            try RunRecord.all(db, sql: sql, arguments: arguments + [query.limit, query.offset])
        }
    }

    package func count(_ query: RunQuery) async throws -> Int {
        let (filter, arguments) = Self.filter(query)
        return try await read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM run \(filter)", arguments: arguments) ?? 0
        }
    }

    private static func filter(_ query: RunQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func one(of values: [String], _ column: String) {
            conditions.append("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(values)
        }
        if let pipelines = query.pipelines { one(of: pipelines.map(\.rawValue), "pipeline") }
        if let states = query.states { one(of: states.map(\.rawValue).sorted(), "state") }
        if let kinds = query.kinds { one(of: kinds.map(\.rawValue).sorted(), "kind") }
        for span in query.spans {
            if let first = span.first {
                conditions.append("\(span.moment.sql) >= ?")
                arguments += [first.microseconds]
            }
            if let last = span.last {
                conditions.append("\(span.moment.sql) <= ?")
                arguments += [last.microseconds]
            }
        }
        return (conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "), arguments)
    }

    package func runDays(of pipeline: PipelineID, since moment: Timestamp) async throws -> [RunDay] {
        try await read { db in
            try RunDay.fetch(
                db,
                """
                SELECT coalesce(started_at, queued_at) / 86400000000 AS day, count(*), sum(state = 'failed') FROM run
                WHERE pipeline = ? AND queued_at >= ? GROUP BY day ORDER BY day
                """, [pipeline.rawValue, moment.microseconds])
        }
    }

    package func latestRuns(of pipelines: [PipelineID], limit: Int) async throws -> [PipelineID: [RunRecord]] {
        let names = Self.list(pipelines)
        return try await read { db in
            Dictionary(
                grouping: try RunRecord.all(
                    db, sql: "SELECT run.* \(Self.latest) ORDER BY run.queued_at DESC, run.id DESC", arguments: [names, limit]),
                by: \.id.pipeline)
        }
    }

    package func latestTasks(of pipelines: [PipelineID], runs: Int) async throws -> [TaskHistory] {
        let names = Self.list(pipelines)
        return try await read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT run.pipeline AS run_pipeline, run.name AS run_name, run.queued_at AS run_queued_at, task.*
                    \(Self.latest) JOIN task ON task.run = run.id ORDER BY run.queued_at DESC, run.id DESC, task.position
                    """, arguments: [names, runs])
            return try Array(
                rows.map { row in
                    TaskHistory(
                        run: RunID(pipeline: PipelineID(row["run_pipeline"] as String), name: row["run_name"]),
                        queuedAt: Timestamp(microseconds: row["run_queued_at"]), task: TaskRecord(row: row))
                })
        }
    }

    /// The last `?2` runs of each pipeline of the list `?1`. Each of them is found by the index, so the length of the history does not count.
    private static let latest = """
        FROM json_each(?1) AS wanted JOIN run ON run.id IN
            (SELECT id FROM run AS r WHERE r.pipeline = wanted.value ORDER BY r.queued_at DESC, r.id DESC LIMIT ?2)
        """

    private static func list(_ pipelines: [PipelineID]) -> String {
        JSON.array(pipelines.map { .string($0.rawValue) }).text()
    }
}

extension RunDay {
    fileprivate static func fetch(_ db: Database, _ sql: String, _ arguments: StatementArguments) throws -> [RunDay] {
        try Array(
            Row.fetchCursor(db, sql: sql, arguments: arguments).map { RunDay(day: $0[0], all: $0[1], failed: $0[2]) })
    }
}

extension RunRecord {
    /// What a query of whole rows of `run` finds. A cursor, for rows that are kept look for each of their columns by its name.
    static func all(_ db: Database, sql: String, arguments: StatementArguments = StatementArguments()) throws -> [RunRecord] {
        try Array(Row.fetchCursor(db, sql: sql, arguments: arguments).map(RunRecord.init(row:)))
    }
}
