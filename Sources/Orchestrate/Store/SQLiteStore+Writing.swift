package import Documents
import GRDB

extension SQLiteStore {
    package func create(_ run: RunRecord, tasks: [TaskRecord], maxActiveRuns: Int) async throws {
        let owner = try owners.claim()
        if try await insert(run, tasks, owner: owner, maxActiveRuns: maxActiveRuns) == nil { return }
        // Some of the open runs may be those of a process that has died since.
        _ = try await closeOrphans()
        guard let open = try await insert(run, tasks, owner: owner, maxActiveRuns: maxActiveRuns) else { return }
        throw OrchestrateError(
            .tooManyRuns,
            "pipeline '\(run.id.pipeline)' may have \(maxActiveRuns) active run\(maxActiveRuns == 1 ? "" : "s"), and '\(open)' is active",
            hint: "wait for it or end it, or raise max_active_runs")
    }

    /// Inserts a run, or returns the name of an open one where there are too many.
    private func insert(
        _ run: RunRecord, _ tasks: [TaskRecord], owner: String, maxActiveRuns: Int
    ) async throws -> String? {
        try await write { db in
            let open = try String.fetchAll(
                db,
                sql: "SELECT name FROM run WHERE pipeline = ? AND state IN ('queued', 'running') AND owner <> '' ORDER BY id",
                arguments: [run.id.pipeline.rawValue])
            if let first = open.first, open.count >= maxActiveRuns { return first }
            try Self.insert(run, tasks, owner: owner, db)
            return nil
        }
    }

    static func insert(_ run: RunRecord, _ tasks: [TaskRecord], owner: String, _ db: Database) throws {
        let insert = try db.cachedStatement(sql: Self.insertRun)
        do {
            try insert.execute(arguments: Self.arguments(of: run) + [owner])
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            throw OrchestrateError(
                .duplicateRun, "pipeline '\(run.id.pipeline)' has a run named '\(run.id.name)' already",
                hint: "give the run another name")
        }
        let row = db.lastInsertedRowID
        for task in tasks { try Self.write(task, run: row, db) }
    }

    package func record(_ changes: RunChanges) async throws {
        try await write { db in
            guard let row = try Self.row(of: changes.id, db) else { return }
            if let run = changes.run {
                // The note is not the run's own: people change it meanwhile.
                let update = try db.cachedStatement(
                    sql:
                        "UPDATE run SET state = ?, started_at = ?, finished_at = ?, reason = ?, late_at = ?, group_retries = ? WHERE id = ?"
                )
                try update.execute(arguments: [
                    run.state.rawValue, run.startedAt?.microseconds, run.finishedAt?.microseconds, run.reason,
                    run.lateAt?.microseconds, Self.text(of: run.groupRetries), row,
                ])
            }
            for task in changes.tasks { try Self.write(task, run: row, db) }
            for attempt in changes.attempts { try Self.write(attempt, run: row, db) }
            for event in changes.data { try Self.insert(event, db) }
        }
        if !changes.data.isEmpty { owners.ring() }
        if changes.run?.state.isFinished == true { ends.send(changes.id) }
    }

    package func removeRuns(of pipeline: PipelineID?, finishedBefore moment: Timestamp) async throws -> Int {
        try await write { db in
            try db.execute(
                sql: """
                    DELETE FROM run WHERE finished_at < ? AND (?2 IS NULL OR pipeline = ?2) AND state NOT IN ('queued', 'running')
                    """, arguments: [moment.microseconds, pipeline?.rawValue])
            return db.changesCount
        }
    }

    package func setPaused(_ isPaused: Bool, of pipeline: PipelineID) async throws {
        try await write { db in
            try db.execute(
                sql: "INSERT INTO pipeline VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET is_paused = excluded.is_paused",
                arguments: [pipeline.rawValue, isPaused])
        }
    }

    package func setValue(_ value: JSON?, of key: String, in scope: String) async throws {
        try await write { db in
            if let value {
                try db.execute(
                    sql: "INSERT INTO value VALUES (?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value",
                    arguments: [scope, key, value.text()])
            } else {
                try db.execute(sql: "DELETE FROM value WHERE scope = ? AND name = ?", arguments: [scope, key])
            }
        }
    }

    // MARK: Rows

    private static let insertRun = """
        INSERT INTO run (pipeline, name, kind, state, logical_date, interval_start, interval_end, due_at, queued_at, started_at,
            finished_at, parameters, note, reason, late_at, is_managed, backfill,
            backfill_limit, owner)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private static func arguments(of run: RunRecord) -> StatementArguments {
        [
            run.id.pipeline.rawValue, run.id.name, run.kind.rawValue, run.state.rawValue, run.logicalDate?.microseconds,
            run.dataInterval?.start.microseconds, run.dataInterval?.end.microseconds, run.dueAt?.microseconds,
            run.queuedAt.microseconds, run.startedAt?.microseconds, run.finishedAt?.microseconds, run.parameters.text(),
            run.note, run.reason, run.lateAt?.microseconds, run.isManaged, run.backfill?.name,
            run.backfill?.maxActiveRuns,
        ]
    }

    private static func text(of groupRetries: [GroupID: Int]) -> String? {
        guard !groupRetries.isEmpty else { return nil }
        let sorted = groupRetries.sorted { $0.key.rawValue < $1.key.rawValue }
        return JSON.object(JSON.Members(sorted.map { ($0.key.rawValue, .int($0.value)) })).text()
    }

    static func row(of run: RunID, _ db: Database) throws -> Int64? {
        let select = try db.cachedStatement(sql: "SELECT id FROM run WHERE pipeline = ? AND name = ?")
        return try Int64.fetchOne(select, arguments: [run.pipeline.rawValue, run.name])
    }

    static func write(_ task: TaskRecord, run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        let result = task.result
        try statement.execute(arguments: [
            run, task.position, result.id.rawValue, task.group?.rawValue, task.kind, result.state.rawValue, result.attempts,
            result.startedAt?.microseconds, result.finishedAt?.microseconds, result.rows, result.bytes, result.message,
            result.failure?.json.text(), result.output.isNull ? nil : result.output.text(), result.lateAt?.microseconds,
            result.uncountedAttempts, result.nextAttemptAt?.microseconds,
        ])
    }

    private static func write(_ attempt: AttemptRecord, run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            run, attempt.key.task.rawValue, attempt.key.number, attempt.state.rawValue, attempt.queuedAt.microseconds,
            attempt.startedAt?.microseconds, attempt.finishedAt?.microseconds, attempt.rows, attempt.bytes, attempt.message,
            attempt.failure?.json.text(), attempt.logPath, attempt.process,
        ])
    }
}
