package import Documents
import GRDB

extension SQLiteStore {
    package func run(_ id: RunID) async throws -> RunRecord? {
        try await read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM run WHERE pipeline = ? AND name = ?", arguments: [id.pipeline.rawValue, id.name]
            ).map(RunRecord.init(row:))
        }
    }

    package func runs(of pipeline: PipelineID?, states: Set<RunState>?, limit: Int) async throws -> [RunRecord] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let pipeline {
            conditions.append("pipeline = ?")
            arguments += [pipeline.rawValue]
        }
        if let states {
            conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(states.map(\.rawValue).sorted())
        }
        arguments += [limit]
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT * FROM run \(filter) ORDER BY queued_at DESC, id DESC LIMIT ?"
        return try await read { [arguments] db in
            try RunRecord.all(db, sql: sql, arguments: arguments)
        }
    }

    package func tasks(of run: RunID) async throws -> [TaskRecord] {
        try await read { db in
            guard let row = try Self.row(of: run, db) else { return [] }
            return try Array(
                Row.fetchCursor(db, sql: "SELECT * FROM task WHERE run = ? ORDER BY position", arguments: [row])
                    .map(TaskRecord.init(row:)))
        }
    }

    package func attempts(of run: RunID, task: TaskID?) async throws -> [AttemptRecord] {
        try await read { db in
            guard let row = try Self.row(of: run, db) else { return [] }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT attempt.* FROM attempt JOIN task USING (run, task) WHERE run = ?1 AND (?2 IS NULL OR task = ?2)
                    ORDER BY position, number
                    """, arguments: [row, task?.rawValue]
            ).map(AttemptRecord.init(row:))
        }
    }

    package func isPaused(_ pipeline: PipelineID) async throws -> Bool? {
        try await read { db in
            try Bool.fetchOne(db, sql: "SELECT is_paused FROM pipeline WHERE name = ?", arguments: [pipeline.rawValue])
        }
    }

    package func value(of key: String, in scope: String) async throws -> JSON? {
        let text = try await read { db in
            try String.fetchOne(db, sql: "SELECT value FROM value WHERE scope = ? AND name = ?", arguments: [scope, key])
        }
        return try text.map { try JSON(parsing: $0) }
    }
}

// MARK: Rows

extension Row {
    fileprivate func timestamp(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map { Timestamp(microseconds: $0) }
    }

    fileprivate func json(_ column: String) -> JSON? {
        (self[column] as String?).flatMap { try? JSON(parsing: $0) }
    }

    fileprivate func value<T: RawRepresentable<String>>(_ column: String, or fallback: T) -> T {
        (self[column] as String?).flatMap(T.init(rawValue:)) ?? fallback
    }
}

extension RunRecord {
    init(row: Row) {
        let interval = row.timestamp("interval_start").flatMap { start in
            row.timestamp("interval_end").map { DataInterval(start: start, end: $0) }
        }
        let request = RunRequest(
            kind: row.value("kind", or: .manual), logicalDate: row.timestamp("logical_date"), dataInterval: interval,
            parameters: row.json("parameters") ?? .null, note: row["note"], dueAt: row.timestamp("due_at"),
            backfill: (row["backfill"] as String?).map { RunRequest.Backfill(name: $0, maxActiveRuns: row["backfill_limit"]) })
        self.init(
            id: RunID(pipeline: PipelineID(row["pipeline"] as String), name: row["name"]), request: request,
            state: row.value("state", or: .failed), queuedAt: row.timestamp("queued_at") ?? Timestamp(seconds: 0))
        startedAt = row.timestamp("started_at")
        finishedAt = row.timestamp("finished_at")
        reason = row["reason"]
        lateAt = row.timestamp("late_at")
        isManaged = row["is_managed"]
        for entry in row.json("group_retries")?.object?.entries ?? [] { groupRetries[GroupID(entry.key)] = entry.value.int }
    }
}

extension TaskRecord {
    init(row: Row) {
        var result = TaskResult(id: TaskID(row["task"] as String))
        result.state = row.value("state", or: .none)
        result.attempts = row["attempts"]
        result.uncountedAttempts = row["uncounted"]
        result.nextAttemptAt = row.timestamp("next_attempt_at")
        result.startedAt = row.timestamp("started_at")
        result.finishedAt = row.timestamp("finished_at")
        result.rows = row["rows"]
        result.bytes = row["bytes"]
        result.message = row["message"]
        result.failure = row.json("failure").flatMap(TaskFailure.init(json:))
        result.output = row.json("output") ?? .null
        result.lateAt = row.timestamp("late_at")
        self.init(
            result: result, position: row["position"], group: (row["task_group"] as String?).map { GroupID($0) },
            kind: row["kind"])
    }
}

extension AttemptRecord {
    fileprivate init(row: Row) {
        self.init(
            key: AttemptKey(task: TaskID(row["task"] as String), number: row["number"]), state: row.value("state", or: .failed),
            queuedAt: row.timestamp("queued_at") ?? Timestamp(seconds: 0))
        startedAt = row.timestamp("started_at")
        finishedAt = row.timestamp("finished_at")
        rows = row["rows"]
        bytes = row["bytes"]
        message = row["message"]
        failure = row.json("failure").flatMap(TaskFailure.init(json:))
        logPath = row["log_path"]
        process = row["process"]
    }
}
