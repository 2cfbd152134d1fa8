import GRDB

extension SQLiteStore {
    package func history(of task: TaskID, in pipeline: PipelineID, runs: Int) async throws -> [TaskHistory] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT run.name AS run_name, run.queued_at AS run_queued_at, task.*
                    FROM (SELECT id, name, queued_at FROM run WHERE pipeline = ? ORDER BY queued_at DESC, id DESC LIMIT ?) AS run
                    JOIN task ON task.run = run.id WHERE task.task = ? ORDER BY run.queued_at DESC, run.id DESC
                    """, arguments: [pipeline.rawValue, runs, task.rawValue]
            ).map { row in
                TaskHistory(
                    run: RunID(pipeline: pipeline, name: row["run_name"]),
                    queuedAt: Timestamp(microseconds: row["run_queued_at"]), task: TaskRecord(row: row))
            }
        }
    }

    package func lastSuccesses(of pipeline: PipelineID, runs: Int) async throws -> [TaskID: Timestamp] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT task.task, max(task.finished_at) AS finished_at
                    FROM (SELECT id FROM run WHERE pipeline = ? ORDER BY queued_at DESC, id DESC LIMIT ?) AS run
                    JOIN task ON task.run = run.id WHERE task.state = 'success' AND task.finished_at IS NOT NULL
                    GROUP BY task.task
                    """, arguments: [pipeline.rawValue, runs])
            return Dictionary(
                rows.map { (TaskID($0["task"] as String), Timestamp(microseconds: $0["finished_at"])) },
                uniquingKeysWith: max)
        }
    }
}
