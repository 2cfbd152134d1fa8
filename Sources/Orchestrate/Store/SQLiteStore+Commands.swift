import Documents
import GRDB

extension SQLiteStore {
    package func apply(_ command: RunCommand, to run: RunID, by author: Author) async throws -> Bool {
        let isDone = try await write { db in
            guard let id = try Self.row(of: run, db) else { return false }
            guard try Self.carryOut(command, on: id, db) else { return false }
            try Self.note(Self.entry(command, run, author), db)
            return true
        }
        // A run that waited has ended by this; who looks finds out.
        if isDone, case .cancel = command { ends.send(run) }
        return isDone
    }

    package func runEnds() -> AsyncStream<RunID> { ends.listen(limit: 1000) }

    package func takeCommands() async throws -> [(run: RunID, command: RunCommand)] {
        let owner = try owners.claim()
        // Reading first: most of the time there is nothing.
        let isEmpty = try await read { db in try Int.fetchOne(db, sql: "SELECT 1 FROM command LIMIT 1") == nil }
        if isEmpty { return [] }
        return try await write { db in
            var mine: [(run: RunID, command: RunCommand)] = []
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT command.id AS command, content, run.id AS run, pipeline, name, owner, state IN ('queued', 'running') AS open
                    FROM command JOIN run ON run.id = command.run ORDER BY command.id
                    """)
            for row in rows {
                let isOpen: Bool = row["open"]
                let holder: String = row["owner"]
                guard holder == owner || !isOpen || holder.isEmpty else { continue }
                try db.execute(sql: "DELETE FROM command WHERE id = ?", arguments: [row["command"] as Int64])
                guard let command = RunCommand(json: try JSON(parsing: row["content"] as String)) else { continue }
                if isOpen, holder == owner {
                    mine.append((RunID(pipeline: PipelineID(row["pipeline"] as String), name: row["name"]), command))
                } else {
                    // The run has ended, or lost its owner, since somebody asked.
                    _ = try Self.carryOut(command, on: row["run"], db)
                }
            }
            return mine
        }
    }

    private static func entry(_ command: RunCommand, _ run: RunID, _ author: Author) -> AuditEntry {
        var entry = AuditEntry(author: author, action: "cancel", pipeline: run.pipeline, run: run.name)
        switch command {
        case .cancel: break
        case .clear(let tasks):
            entry.action = "clear"
            entry.details = ["tasks": .array(tasks.map { .string($0.rawValue) })]
        case .mark(let tasks, let state):
            entry.action = "mark_\(state.rawValue)"
            entry.details = ["tasks": .array(tasks.map { .string($0.rawValue) })]
        }
        return entry
    }

    private static func carryOut(_ command: RunCommand, on run: Int64, _ db: Database) throws -> Bool {
        guard let row = try Row.fetchOne(db, sql: "SELECT owner, state FROM run WHERE id = ?", arguments: [run]) else {
            return false
        }
        let isOpen = ["queued", "running"].contains(row["state"] as String)
        if isOpen, !(row["owner"] as String).isEmpty {
            try db.execute(
                sql: "INSERT INTO command (run, content, asked_at) VALUES (?, ?, ?)",
                arguments: [run, command.json.text(), Timestamp.now.microseconds])
            return true
        }
        switch command {
        case .cancel(let reason):
            guard isOpen else { return false }
            try cancel(run, reason: reason, db)
        case .clear(let tasks): try clear(tasks, of: run, db)
        case .mark(let tasks, let state): try mark(tasks, state, of: run, db)
        }
        return true
    }

    private static func cancel(_ run: Int64, reason: String, _ db: Database) throws {
        let now = Timestamp.now.microseconds
        try db.execute(
            sql: """
                UPDATE task SET state = CASE WHEN state IN ('none', 'scheduled', 'queued') THEN 'skipped' ELSE 'failed' END,
                    finished_at = ?, message = ?
                WHERE run = ? AND state IN ('none', 'scheduled', 'queued', 'running', 'up_for_retry')
                """, arguments: [now, reason, run])
        try db.execute(
            sql: "UPDATE run SET state = 'cancelled', finished_at = ?, reason = ? WHERE id = ?", arguments: [now, reason, run])
    }

    /// Has tasks of a run that nobody runs wait again, and the run with them.
    private static func clear(_ tasks: [TaskID], of run: Int64, _ db: Database) throws {
        var count = 0
        for task in tasks {
            try db.execute(
                sql: """
                    UPDATE task SET state = 'none', uncounted = attempts, finished_at = NULL, started_at = NULL, message = NULL,
                        failure = NULL, output = NULL
                    WHERE run = ? AND task = ? AND state <> 'none'
                    """, arguments: [run, task.rawValue])
            count += db.changesCount
        }
        guard count > 0 else { return }
        try reopen(run, db)
    }

    private static func mark(_ tasks: [TaskID], _ state: TaskState, of run: Int64, _ db: Database) throws {
        for task in tasks {
            try db.execute(
                sql: """
                    UPDATE task SET state = ?, finished_at = coalesce(finished_at, ?), message = ?, failure = NULL
                    WHERE run = ? AND task = ?
                    """,
                arguments: [
                    state.rawValue, Timestamp.now.microseconds, "marked as \(state.rawValue)", run, task.rawValue,
                ])
        }
        // The scheduler decides what follows from it, and how the run has ended then.
        if state == .success {
            try db.execute(
                sql:
                    "UPDATE task SET state = 'none', finished_at = NULL, message = NULL WHERE run = ? AND state = 'upstream_failed'",
                arguments: [run])
        }
        try reopen(run, db)
    }

    /// Deadlines count anew, as do the retries of groups.
    private static func reopen(_ run: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE run SET state = 'queued', owner = '', is_managed = 1, finished_at = NULL, reason = NULL, late_at = NULL,
                    due_at = ?, group_retries = NULL
                WHERE id = ?
                """, arguments: [Timestamp.now.microseconds, run])
    }
}
