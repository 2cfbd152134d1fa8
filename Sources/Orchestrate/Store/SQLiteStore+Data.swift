import Documents
import GRDB

extension SQLiteStore: DataEventStore {
    package func latestDataEvent() async throws -> Int64 {
        try await read { db in try Int64.fetchOne(db, sql: "SELECT max(id) FROM data_event") ?? 0 }
    }

    package func watchData(for pipelines: [PipelineID]) async throws {
        guard !pipelines.isEmpty else { return }
        try await write { db in
            let latest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM data_event") ?? 0
            for pipeline in pipelines {
                try db.execute(sql: "INSERT OR IGNORE INTO data_place VALUES (?, ?)", arguments: [pipeline.rawValue, latest])
            }
        }
    }

    package func takeData(
        for pipeline: PipelineID, _ condition: DataCondition, at now: Timestamp
    ) async throws -> DataTaken {
        // Reading first: most of the time it is not enough.
        let isEnough = try await read { db in condition.holds(Set(try Self.pending(pipeline, condition, db).map(\.reference))) }
        guard isEnough else { return .nothing }
        return try await write { db in
            let events = try Self.pending(pipeline, condition, db)
            guard condition.holds(Set(events.map(\.reference))), let last = events.last else { return .nothing }
            let waits = try Bool.fetchOne(
                db,
                sql:
                    "SELECT EXISTS (SELECT 1 FROM run JOIN run_event ON run_event.run = run.id WHERE pipeline = ? AND state = 'queued')",
                arguments: [pipeline.rawValue])
            if waits == true { return .held }
            var request = RunRequest(kind: .triggered, dataInterval: try Self.interval(of: events, db), dueAt: now)
            request.name = request.runName(at: now)
            let run = RunRecord(
                id: RunID(pipeline: pipeline, name: request.runName(at: now)), request: request, queuedAt: now, isManaged: true)
            try Self.insert(run, [], owner: "", db)
            let row = db.lastInsertedRowID
            for event in events {
                try db.execute(sql: "INSERT INTO run_event VALUES (?, ?)", arguments: [row, event.id])
            }
            try db.execute(sql: "INSERT OR REPLACE INTO data_place VALUES (?, ?)", arguments: [pipeline.rawValue, last.id])
            return .run(run)
        }
    }

    package func announce(_ event: DataEvent, by author: Author) async throws {
        try await write { db in
            try Self.insert(event, db)
            try Self.note(
                AuditEntry(author: author, action: "announce", details: ["data": .string(event.reference.description)]), db)
        }
    }

    package func dataEvents(of run: RunID) async throws -> [DataEvent] {
        try await read { db in
            guard let row = try Self.row(of: run, db) else { return [] }
            return try Row.fetchAll(
                db,
                sql: "SELECT data_event.* FROM run_event JOIN data_event ON id = event WHERE run_event.run = ? ORDER BY id",
                arguments: [row]
            ).map(DataEvent.init(row:))
        }
    }

    package func dataEvents(of reference: DataReference?, limit: Int) async throws -> [DataEvent] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT * FROM data_event WHERE (?1 IS NULL OR (kind = ?1 AND name = ?2)) ORDER BY id DESC LIMIT ?3",
                arguments: [reference?.kind.rawValue, reference?.name, limit]
            ).map(DataEvent.init(row:))
        }
    }

    static func insert(_ event: DataEvent, _ db: Database) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO data_event (at, kind, name, pipeline, run, task, details) VALUES (?, ?, ?, ?, ?, ?, ?)")
        try insert.execute(arguments: [
            event.at.microseconds, event.reference.kind.rawValue, event.reference.name, event.run?.pipeline.rawValue,
            event.run?.name,
            event.task?.rawValue, event.details.isNull ? nil : event.details.text(),
        ])
    }

    /// The changes that a pipeline waits for and has not dealt with, the oldest first.
    private static func pending(_ pipeline: PipelineID, _ condition: DataCondition, _ db: Database) throws -> [DataEvent] {
        guard
            let place = try Int64.fetchOne(
                db, sql: "SELECT event FROM data_place WHERE pipeline = ?", arguments: [pipeline.rawValue])
        else { return [] }
        var events: [DataEvent] = []
        let select = try db.cachedStatement(sql: "SELECT * FROM data_event WHERE kind = ? AND name = ? AND id > ? ORDER BY id")
        for reference in condition.references {
            events += try Row.fetchAll(select, arguments: [reference.kind.rawValue, reference.name, place])
                .map(DataEvent.init(row:))
        }
        return events.sorted { $0.id < $1.id }
    }

    /// From the first to the last moment of the intervals of the runs that have changed the data.
    private static func interval(of events: [DataEvent], _ db: Database) throws -> DataInterval? {
        var interval: DataInterval?
        for run in Set(events.compactMap(\.run)) {
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM run WHERE pipeline = ? AND name = ?", arguments: [run.pipeline.rawValue, run.name])
            guard let found = row.map(RunRecord.init(row:))?.dataInterval else { continue }
            interval = DataInterval(
                start: min(interval?.start ?? found.start, found.start), end: max(interval?.end ?? found.end, found.end))
        }
        return interval
    }
}

extension DataEvent {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], at: Timestamp(microseconds: row["at"]),
            DataReference(DataReference.Kind(rawValue: row["kind"]) ?? .event, row["name"]),
            run: (row["pipeline"] as String?).flatMap { pipeline in
                (row["run"] as String?).map { RunID(pipeline: PipelineID(pipeline), name: $0) }
            }, task: (row["task"] as String?).map { TaskID($0) },
            details: (row["details"] as String?).flatMap { try? JSON(parsing: $0) } ?? .null)
    }
}
