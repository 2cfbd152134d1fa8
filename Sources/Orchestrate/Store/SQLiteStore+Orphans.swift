import Dispatch
import Documents
import GRDB

extension SQLiteStore {
    package func closeOrphans() async throws -> [RunID] {
        let open = try await read { db in try Self.ownersOfOpenRuns(db) }
        let dead = open.filter { !owners.isAlive($0) }
        guard !dead.isEmpty else { return [] }
        let markers = try await read { [path] db in try Self.markers(of: dead, store: path, db) }
        await withCheckedContinuation { continuation in
            // Waiting for processes to be gone blocks.
            DispatchQueue.global().async {
                StrayAttempts.end(markers)
                continuation.resume()
            }
        }
        let now = Timestamp.now
        let closed = try await write { db in try dead.flatMap { try Self.closeRuns(of: $0, at: now, db) } }
        for owner in dead { owners.forget(owner) }
        return closed
    }

    /// The same for the opening, which blocks anyway.
    func closeOrphansNow() throws {
        let dead = try pool.read { db in try Self.ownersOfOpenRuns(db) }.filter { !owners.isAlive($0) }
        guard !dead.isEmpty else { return }
        StrayAttempts.end(try pool.read { db in try Self.markers(of: dead, store: path, db) })
        try pool.write { db in
            for owner in dead { _ = try Self.closeRuns(of: owner, at: .now, db) }
        }
        for owner in dead { owners.forget(owner) }
    }

    /// How processes of the open attempts of dead owners are known.
    private static func markers(of owners: [String], store: String, _ db: Database) throws -> Set<String> {
        var markers: Set<String> = []
        for owner in owners {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT pipeline, name, task, number FROM attempt JOIN run ON run.id = attempt.run
                    WHERE owner = ? AND run.state IN ('queued', 'running') AND attempt.state IN ('queued', 'running')
                    """, arguments: [owner])
            for row in rows {
                let run = RunID(pipeline: PipelineID(row["pipeline"] as String), name: row["name"])
                let key = AttemptKey(task: TaskID(row["task"] as String), number: row["number"])
                markers.insert(StrayAttempts.marker(store: store, run: run, attempt: key))
            }
        }
        return markers
    }

    private static func ownersOfOpenRuns(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT DISTINCT owner FROM run WHERE state IN ('queued', 'running') AND owner <> ''")
    }

    /// Marks what an owner has left open: attempts and their tasks as failed, tasks that had not begun as skipped, the run as
    /// failed. A run that a scheduler manages waits for the next one instead, with its tasks as they stand.
    private static func closeRuns(of owner: String, at now: Timestamp, _ db: Database) throws -> [RunID] {
        let process = OwnerRegistry.processID(of: owner)
        let reason = "the process that ran it (\(process)) ended without finishing it"
        let failure = TaskFailure(reason, code: "task.lost").json.text()
        let rows = try Row.fetchAll(
            db, sql: "SELECT id, pipeline, name, is_managed FROM run WHERE owner = ? AND state IN ('queued', 'running')",
            arguments: [owner])
        for row in rows {
            let id: Int64 = row["id"]
            try db.execute(
                sql: """
                    UPDATE attempt SET state = 'failed', finished_at = ?, message = ?, failure = ?
                    WHERE run = ? AND state IN ('queued', 'running')
                    """, arguments: [now.microseconds, reason, failure, id])
            if row["is_managed"] {
                try db.execute(sql: "UPDATE run SET owner = '' WHERE id = ?", arguments: [id])
                continue
            }
            try db.execute(
                sql: """
                    UPDATE task SET state = 'failed', finished_at = ?, message = ?, failure = ?
                    WHERE run = ? AND state IN ('queued', 'running', 'up_for_retry')
                    """, arguments: [now.microseconds, reason, failure, id])
            try db.execute(
                sql: """
                    UPDATE task SET state = 'skipped', finished_at = ?, message = ?
                    WHERE run = ? AND state IN ('none', 'scheduled')
                    """, arguments: [now.microseconds, reason, id])
            try db.execute(
                sql: "UPDATE run SET state = 'failed', finished_at = ?, reason = ? WHERE id = ?",
                arguments: [now.microseconds, reason, id])
        }
        return rows.filter { !$0["is_managed"] }.map { RunID(pipeline: PipelineID($0["pipeline"] as String), name: $0["name"]) }
    }
}
