import GRDB

/// The tables of the SQLite store, and how older files come to have them.
///
/// Migrations only go forward, and one that has been released never changes. Times are microseconds since 1970.
enum StoreSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, tasks, attempts") { db in try db.execute(sql: version1) }
        migrator.registerMigration("2 scheduler, commands, audit") { db in try db.execute(sql: version2) }
        migrator.registerMigration("3 variables, connections, secrets") { db in try db.execute(sql: version3) }
        migrator.registerMigration("4 changes of data") { db in try db.execute(sql: version4) }
        migrator.registerMigration("5 retries of groups") { db in try db.execute(sql: version5) }
        return migrator
    }()

    private static let version1 = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            pipeline TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            logical_date INTEGER,
            interval_start INTEGER,
            interval_end INTEGER,
            due_at INTEGER,
            queued_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            parameters TEXT NOT NULL,
            note TEXT,
            reason TEXT,
            late_at INTEGER,
            owner TEXT NOT NULL,
            UNIQUE (pipeline, name)
        );
        CREATE INDEX run_newest ON run (pipeline, queued_at);
        CREATE INDEX run_queued_at ON run (queued_at);
        CREATE INDEX run_open ON run (pipeline, owner) WHERE state IN ('queued', 'running');

        CREATE TABLE task (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            task TEXT NOT NULL,
            task_group TEXT,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            rows INTEGER,
            bytes INTEGER,
            message TEXT,
            failure TEXT,
            output TEXT,
            late_at INTEGER,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID;

        CREATE TABLE attempt (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            task TEXT NOT NULL,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            queued_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            rows INTEGER,
            bytes INTEGER,
            message TEXT,
            failure TEXT,
            log_path TEXT,
            PRIMARY KEY (run, task, number)
        ) WITHOUT ROWID;

        CREATE TABLE pipeline (
            name TEXT PRIMARY KEY,
            is_paused INTEGER
        ) WITHOUT ROWID;

        CREATE TABLE value (
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (scope, name)
        ) WITHOUT ROWID;
        """

    /// A run with the owner '' waits for a scheduler; a managed one may be taken up by another when its owner has died.
    private static let version2 = """
        ALTER TABLE run ADD COLUMN is_managed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN backfill TEXT;
        ALTER TABLE run ADD COLUMN backfill_limit INTEGER;
        ALTER TABLE task ADD COLUMN uncounted INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE task ADD COLUMN next_attempt_at INTEGER;
        ALTER TABLE attempt ADD COLUMN process TEXT;
        CREATE INDEX run_waiting ON run (queued_at) WHERE state IN ('queued', 'running') AND owner = '';
        CREATE INDEX run_interval ON run (pipeline, interval_end) WHERE kind = 'scheduled';
        CREATE INDEX run_logical_date ON run (pipeline, logical_date);

        CREATE TABLE command (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            content TEXT NOT NULL,
            asked_at INTEGER NOT NULL
        );
        CREATE INDEX command_run ON command (run);

        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            who TEXT NOT NULL,
            action TEXT NOT NULL,
            pipeline TEXT,
            run TEXT,
            task TEXT,
            details TEXT
        );
        CREATE INDEX audit_at ON audit (at);
        """

    /// Values are JSON; what is encrypted is as `SecretBox` has sealed it.
    private static let version3 = """
        CREATE TABLE variable (
            name TEXT PRIMARY KEY NOT NULL,
            type TEXT NOT NULL,
            value TEXT NOT NULL,
            description TEXT,
            is_encrypted INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE connection (
            id TEXT PRIMARY KEY NOT NULL,
            type TEXT NOT NULL,
            description TEXT,
            host TEXT,
            schema TEXT,
            login TEXT,
            password TEXT,
            port INTEGER,
            extra TEXT,
            updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE secret (
            name TEXT PRIMARY KEY NOT NULL,
            value TEXT NOT NULL,
            description TEXT,
            updated_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// Numbers of changes are never given twice. `data_place` says up to which change a pipeline has dealt with them.
    private static let version4 = """
        CREATE TABLE data_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            pipeline TEXT,
            run TEXT,
            task TEXT,
            details TEXT
        );
        CREATE INDEX data_event_of ON data_event (kind, name, id);

        CREATE TABLE data_place (
            pipeline TEXT PRIMARY KEY NOT NULL,
            event INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE run_event (
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            event INTEGER NOT NULL,
            PRIMARY KEY (run, event)
        ) WITHOUT ROWID;
        """

    /// JSON: how often each group of the run was tried again as a whole.
    private static let version5 = "ALTER TABLE run ADD COLUMN group_retries TEXT;"
}
