import Documents
import GRDB

extension SQLiteStore: SchedulingStore {
    package func claimScheduler() throws { try owners.claimScheduler() }

    package func resignScheduler() { owners.resignScheduler() }

    package func isSchedulerRunning() -> Bool { owners.isSchedulerRunning }

    package func ring() { owners.ring() }

    package func rings() throws -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try owners.listen { continuation.yield() }
        return stream
    }

    package func enqueue(_ run: RunRecord, tasks: [TaskRecord], by author: Author) async throws {
        try await write { db in
            try Self.insert(run, tasks, owner: "", db)
            var entry = AuditEntry(author: author, action: "trigger", pipeline: run.id.pipeline, run: run.id.name)
            if run.parameters.object?.isEmpty == false { entry.details = ["parameters": run.parameters] }
            try Self.note(entry, db)
        }
    }

    package func waitingRuns() async throws -> [RunRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM run WHERE state IN ('queued', 'running') AND owner = '' ORDER BY queued_at, id"
            ).map(RunRecord.init(row:))
        }
    }

    package func waitingRun(_ id: RunID) async throws -> RunRecord? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT * FROM run WHERE pipeline = ? AND name = ? AND state IN ('queued', 'running') AND owner = ''",
                arguments: [id.pipeline.rawValue, id.name]
            ).map(RunRecord.init(row:))
        }
    }

    package func claim(_ run: RunID, maxActiveRuns: Int) async throws -> RunRecord? {
        let owner = try owners.claim()
        return try await write { db in
            let row = try Row.fetchOne(
                db,
                sql: "SELECT * FROM run WHERE pipeline = ? AND name = ? AND state IN ('queued', 'running') AND owner = ''",
                arguments: [run.pipeline.rawValue, run.name])
            guard let row else { return nil }
            let open = try String.fetchAll(
                db, sql: "SELECT name FROM run WHERE pipeline = ? AND state IN ('queued', 'running') AND owner <> ''",
                arguments: [run.pipeline.rawValue])
            if let first = open.first, open.count >= maxActiveRuns {
                throw OrchestrateError(.tooManyRuns, "pipeline '\(run.pipeline)' waits for its run '\(first)'")
            }
            try db.execute(sql: "UPDATE run SET owner = ?, is_managed = 1 WHERE id = ?", arguments: [owner, row["id"] as Int64])
            return RunRecord(row: row)
        }
    }

    package func replaceTasks(of run: RunID, with tasks: [TaskRecord]) async throws {
        try await write { db in
            guard let row = try Self.row(of: run, db) else { return }
            try db.execute(sql: "DELETE FROM task WHERE run = ?", arguments: [row])
            for task in tasks { try Self.write(task, run: row, db) }
        }
    }

    package func release(_ run: RunID) async throws {
        let owner = try owners.claim()
        try await write { db in
            try db.execute(
                sql: "UPDATE run SET owner = '' WHERE pipeline = ? AND name = ? AND owner = ?",
                arguments: [run.pipeline.rawValue, run.name, owner])
        }
    }

    package func setNote(_ note: String?, of run: RunID, by author: Author) async throws {
        try await write { db in
            try db.execute(
                sql: "UPDATE run SET note = ? WHERE pipeline = ? AND name = ?",
                arguments: [note, run.pipeline.rawValue, run.name])
            let details: JSON = ["note": note.map { .string($0) } ?? .null]
            try Self.note(
                AuditEntry(author: author, action: "note", pipeline: run.pipeline, run: run.name, details: details), db)
        }
    }

    package func setPaused(_ isPaused: Bool, of pipeline: PipelineID, by author: Author) async throws {
        try await setPaused(isPaused, of: pipeline)
        try await note(AuditEntry(author: author, action: isPaused ? "pause" : "unpause", pipeline: pipeline))
    }

    package func pauses() async throws -> [PipelineID: Bool] {
        try await read { db in
            var pauses: [PipelineID: Bool] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT name, is_paused FROM pipeline WHERE is_paused IS NOT NULL") {
                pauses[PipelineID(row["name"] as String)] = row["is_paused"]
            }
            return pauses
        }
    }

    package func lastIntervals() async throws -> [PipelineID: DataInterval] {
        try await read { db in
            var intervals: [PipelineID: DataInterval] = [:]
            // SQLite takes the other columns from the row that has the maximum.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT pipeline, interval_start, max(interval_end) AS interval_end FROM run
                    WHERE kind = 'scheduled' AND interval_start IS NOT NULL GROUP BY pipeline
                    """)
            while let row = try rows.next() {
                guard let start = row["interval_start"] as Int64?, let end = row["interval_end"] as Int64? else { continue }
                intervals[PipelineID(row["pipeline"] as String)] = DataInterval(
                    start: Timestamp(microseconds: start), end: Timestamp(microseconds: end))
            }
            return intervals
        }
    }

    package func runs(of pipeline: PipelineID, logicalDates: ClosedRange<Timestamp>) async throws -> [RunRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM run WHERE pipeline = ? AND logical_date BETWEEN ? AND ? ORDER BY logical_date, id",
                arguments: [
                    pipeline.rawValue, logicalDates.lowerBound.microseconds, logicalDates.upperBound.microseconds,
                ]
            ).map(RunRecord.init(row:))
        }
    }

    package func runs(queuedAt moment: Timestamp) async throws -> [RunRecord] {
        try await read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM run WHERE queued_at = ? ORDER BY id", arguments: [moment.microseconds]
            ).map(RunRecord.init(row:))
        }
    }

    package func lastRun(of pipeline: PipelineID, before date: Timestamp, states: Set<RunState>?) async throws -> RunRecord? {
        try await read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM run WHERE pipeline = ? AND logical_date < ? AND state IN (\(Self.list(states ?? Set(RunState.allCases))))
                    ORDER BY logical_date DESC, id DESC LIMIT 1
                    """, arguments: [pipeline.rawValue, date.microseconds]
            ).map(RunRecord.init(row:))
        }
    }

    package func runBefore(_ run: RunID, states: Set<RunState>) async throws -> RunRecord? {
        try await read { db in
            guard let id = try Self.row(of: run, db) else { return nil }
            return try Row.fetchOne(
                db,
                sql: """
                    SELECT * FROM run
                    WHERE pipeline = ?1 AND queued_at <= (SELECT queued_at FROM run WHERE id = ?2) AND id < ?2
                        AND state IN (\(Self.list(states)))
                    ORDER BY queued_at DESC, id DESC LIMIT 1
                    """, arguments: [run.pipeline.rawValue, id]
            ).map(RunRecord.init(row:))
        }
    }

    /// States for SQL's `IN`.
    private static func list(_ states: Set<RunState>) -> String {
        states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
    }

    package func audit(_ filter: AuditFilter) async throws -> [AuditEntry] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM audit WHERE (?1 IS NULL OR who = ?1) AND (?2 IS NULL OR pipeline = ?2) AND (?3 IS NULL OR action = ?3)
                        AND (?5 IS NULL OR id = ?5)
                    ORDER BY id DESC LIMIT ?4
                    """, arguments: [filter.author?.name, filter.pipeline?.rawValue, filter.action, filter.limit, filter.id]
            ).map { row in
                var entry = AuditEntry(
                    at: Timestamp(microseconds: row["at"]), author: Author(row["who"]), action: row["action"],
                    pipeline: (row["pipeline"] as String?).map { PipelineID($0) }, run: row["run"],
                    task: (row["task"] as String?).map { TaskID($0) },
                    details: (row["details"] as String?).flatMap { try? JSON(parsing: $0) } ?? .null)
                entry.id = row["id"]
                return entry
            }
        }
    }

    package func note(_ entry: AuditEntry) async throws { try await write { db in try Self.note(entry, db) } }

    static func note(_ entry: AuditEntry, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO audit (at, who, action, pipeline, run, task, details) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                entry.at.microseconds, entry.author.name, entry.action, entry.pipeline?.rawValue, entry.run,
                entry.task?.rawValue, entry.details.isNull ? nil : entry.details.text(),
            ])
    }
}
