import Documents
import GRDB

extension SQLiteStore {
    package func oldRuns(_ request: CleanRequest) async throws -> [RunID] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT pipeline, name FROM (
                        SELECT pipeline, name, state, finished_at,
                            row_number() OVER (PARTITION BY pipeline ORDER BY queued_at DESC, id DESC) AS age,
                            kind = 'scheduled' AND interval_end = max(interval_end) FILTER (WHERE kind = 'scheduled')
                                OVER (PARTITION BY pipeline) AS is_last
                        FROM run WHERE ?1 IS NULL OR pipeline = ?1
                    )
                    WHERE state NOT IN ('queued', 'running') AND finished_at < ?2 AND age > ?3 AND coalesce(is_last, 0) = 0
                    ORDER BY finished_at
                    """,
                arguments: [request.pipeline?.rawValue, request.finishedBefore.microseconds, request.keepingNewest]
            ).map { RunID(pipeline: PipelineID($0["pipeline"] as String), name: $0["name"]) }
        }
    }

    package func remove(_ runs: [RunID], by author: Author) async throws -> [RunID] {
        var removed: [RunID] = []
        var rest = runs[...]
        // In pieces, so that nobody who writes meanwhile waits long.
        while !rest.isEmpty {
            let piece = Array(rest.prefix(200))
            rest = rest.dropFirst(piece.count)
            removed += try await write { db in
                let delete = try db.cachedStatement(
                    sql: "DELETE FROM run WHERE pipeline = ? AND name = ? AND state NOT IN ('queued', 'running')")
                return try piece.filter { run in
                    try delete.execute(arguments: [run.pipeline.rawValue, run.name])
                    return db.changesCount > 0
                }
            }
        }
        // Changes that no run and no pipeline looks at any more.
        try await write { db in
            try db.execute(
                sql: """
                    DELETE FROM data_event WHERE id <= coalesce((SELECT min(event) FROM data_place), 9223372036854775807)
                        AND id NOT IN (SELECT event FROM run_event)
                        AND at < (SELECT coalesce(min(queued_at), 0) FROM run)
                    """)
        }
        if !removed.isEmpty {
            try await note(AuditEntry(author: author, action: "clean", details: ["runs": .int(removed.count)]))
        }
        return removed
    }

    package func runNames() async throws -> [RunID] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT pipeline, name FROM run").map {
                RunID(pipeline: PipelineID($0["pipeline"] as String), name: $0["name"])
            }
        }
    }
}
