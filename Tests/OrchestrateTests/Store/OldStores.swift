/// Stores as earlier versions of Leat have written them, whole, as SQL. They never change.
///
/// Each has the run `done`, the run `open` of a process that has died, a paused pipeline and a value; from version 2 on also a run
/// that waits, a command and an entry of the audit log; from version 3 on a variable, a connection and a secret, sealed with the key
/// of the bytes 0 to 31 by another implementation of AES-GCM (Python's cryptography 46); from version 4 on a change of data and a place in that list;
/// from version 5 on retries of a group.
enum OldStores {
    static let versions = [version1, version2, version3, version4, version5]

    static let version1 = #"""
        BEGIN TRANSACTION;
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
        INSERT INTO "attempt" VALUES(1,'ingest',1,'failed',1700086400000002,1700086400000003,1700086400000004,NULL,NULL,'lost',NULL,'logs/1');
        INSERT INTO "attempt" VALUES(1,'ingest',2,'success',1700086400000004,1700086400000004,1700086400000005,NULL,NULL,NULL,NULL,'logs/2');
        INSERT INTO "attempt" VALUES(2,'ingest',1,'running',1700086400000004,1700086400000004,NULL,NULL,NULL,NULL,NULL,NULL);
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO "grdb_migrations" VALUES('1 runs, tasks, attempts');
        CREATE TABLE pipeline (
            name TEXT PRIMARY KEY,
            is_paused INTEGER
        ) WITHOUT ROWID;
        INSERT INTO "pipeline" VALUES('nightly',1);
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
        INSERT INTO "run" VALUES(1,'nightly','done','scheduled','failed',1700000000000000,1700000000000000,1700086400000000,1700086400000000,1700086400000001,1700086400000002,1700086400000009,'{"day":"x"}','a note',NULL,NULL,'77-dead');
        INSERT INTO "run" VALUES(2,'nightly','open','scheduled','running',1700000000000000,1700000000000000,1700086400000000,1700086400000000,1700086400000001,1700086400000003,NULL,'{"day":"x"}','a note',NULL,NULL,'77-dead');
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
        INSERT INTO "task" VALUES(1,0,'ingest',NULL,'sync','success',2,1700086400000003,1700086400000005,10,100,'10 rows',NULL,'{"rows":10}',NULL);
        INSERT INTO "task" VALUES(1,1,'g.report','g','command','failed',1,1700086400000006,1700086400000008,NULL,NULL,'broken','{"code":"task.exit_code","message":"broken","retryable":true}',NULL,NULL);
        INSERT INTO "task" VALUES(2,0,'ingest',NULL,'sync','running',1,1700086400000004,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
        INSERT INTO "task" VALUES(2,1,'g.report','g','command','none',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
        CREATE TABLE value (
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (scope, name)
        ) WITHOUT ROWID;
        INSERT INTO "value" VALUES('scope','key','{"a":1}');
        CREATE INDEX run_newest ON run (pipeline, queued_at);
        CREATE INDEX run_queued_at ON run (queued_at);
        CREATE INDEX run_open ON run (pipeline, owner) WHERE state IN ('queued', 'running');
        COMMIT;
        """#

    static let version2 = #"""
        BEGIN TRANSACTION;
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
            log_path TEXT, process TEXT,
            PRIMARY KEY (run, task, number)
        ) WITHOUT ROWID;
        INSERT INTO "attempt" VALUES(1,'ingest',1,'failed',1700086400000002,1700086400000003,1700086400000004,NULL,NULL,'lost',NULL,'logs/1',NULL);
        INSERT INTO "attempt" VALUES(1,'ingest',2,'success',1700086400000004,1700086400000004,1700086400000005,NULL,NULL,NULL,NULL,'logs/2',NULL);
        INSERT INTO "attempt" VALUES(2,'ingest',1,'running',1700086400000004,1700086400000004,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
        INSERT INTO "audit" VALUES(1,5,'me','pause','nightly',NULL,NULL,NULL);
        CREATE TABLE command (
            id INTEGER PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
            content TEXT NOT NULL,
            asked_at INTEGER NOT NULL
        );
        INSERT INTO "command" VALUES(1,1,'{"cancel":"x"}',1);
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO "grdb_migrations" VALUES('1 runs, tasks, attempts');
        INSERT INTO "grdb_migrations" VALUES('2 scheduler, commands, audit');
        CREATE TABLE pipeline (
            name TEXT PRIMARY KEY,
            is_paused INTEGER
        ) WITHOUT ROWID;
        INSERT INTO "pipeline" VALUES('nightly',1);
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
            owner TEXT NOT NULL, is_managed INTEGER NOT NULL DEFAULT 0, backfill TEXT, backfill_limit INTEGER,
            UNIQUE (pipeline, name)
        );
        INSERT INTO "run" VALUES(1,'nightly','done','scheduled','failed',1700000000000000,1700000000000000,1700086400000000,1700086400000000,1700086400000001,1700086400000002,1700086400000009,'{"day":"x"}','a note',NULL,NULL,'77-dead',0,NULL,NULL);
        INSERT INTO "run" VALUES(2,'nightly','open','scheduled','running',1700000000000000,1700000000000000,1700086400000000,1700086400000000,1700086400000001,1700086400000003,NULL,'{"day":"x"}','a note',NULL,NULL,'77-dead',0,NULL,NULL);
        INSERT INTO "run" VALUES(3,'nightly','waiting','backfill','queued',NULL,NULL,NULL,NULL,1700086400000010,NULL,NULL,'{}',NULL,NULL,NULL,'',1,'backfill__1',2);
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
            late_at INTEGER, uncounted INTEGER NOT NULL DEFAULT 0, next_attempt_at INTEGER,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID;
        INSERT INTO "task" VALUES(1,0,'ingest',NULL,'sync','success',2,1700086400000003,1700086400000005,10,100,'10 rows',NULL,'{"rows":10}',NULL,0,NULL);
        INSERT INTO "task" VALUES(1,1,'g.report','g','command','failed',1,1700086400000006,1700086400000008,NULL,NULL,'broken','{"code":"task.exit_code","message":"broken","retryable":true}',NULL,NULL,0,NULL);
        INSERT INTO "task" VALUES(2,0,'ingest',NULL,'sync','running',1,1700086400000004,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL);
        INSERT INTO "task" VALUES(2,1,'g.report','g','command','none',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL);
        CREATE TABLE value (
            scope TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (scope, name)
        ) WITHOUT ROWID;
        INSERT INTO "value" VALUES('scope','key','{"a":1}');
        CREATE INDEX run_newest ON run (pipeline, queued_at);
        CREATE INDEX run_queued_at ON run (queued_at);
        CREATE INDEX run_open ON run (pipeline, owner) WHERE state IN ('queued', 'running');
        CREATE INDEX run_waiting ON run (queued_at) WHERE state IN ('queued', 'running') AND owner = '';
        CREATE INDEX run_interval ON run (pipeline, interval_end) WHERE kind = 'scheduled';
        CREATE INDEX run_logical_date ON run (pipeline, logical_date);
        CREATE INDEX command_run ON command (run);
        CREATE INDEX audit_at ON audit (at);
        COMMIT;
        """#

    static let version3 = version2.replacing(
        "COMMIT;",
        with: #"""
            INSERT INTO "grdb_migrations" VALUES('3 variables, connections, secrets');
            CREATE TABLE variable (
                name TEXT PRIMARY KEY NOT NULL,
                type TEXT NOT NULL,
                value TEXT NOT NULL,
                description TEXT,
                is_encrypted INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            INSERT INTO "variable" VALUES('region','string','"eu"','where',0,1700086400000000);
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
            INSERT INTO "connection" VALUES('warehouse','postgres',NULL,'db.example','marts','me','leat1:3c79038e:AAAAAAAAAAAAAAAAZsnGtphE9s5gCj46oVlCAO6MaZXYZStBsg==',5432,'leat1:3c79038e:AAAAAAAAAAAAAAAAdZ7GrdlB7NltipMXakng7LsxM3FVAYBRd9PXBzyzY455mzSYYw==',1700086400000000);
            CREATE TABLE secret (
                name TEXT PRIMARY KEY NOT NULL,
                value TEXT NOT NULL,
                description TEXT,
                updated_at INTEGER NOT NULL
            ) WITHOUT ROWID;
            INSERT INTO "secret" VALUES('token','leat1:3c79038e:AAAAAAAAAAAAAAAAeNnHp5hf5t56zd0plk9MgrVsRt8gUMXOZfzN',NULL,1700086400000000);
            COMMIT;
            """#)

    static let version4 = version3.replacing(
        "COMMIT;",
        with: #"""
            INSERT INTO "grdb_migrations" VALUES('4 changes of data');
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
            INSERT INTO "data_event" VALUES(7,1700086400000000,'connection','Orders','nightly','done','ingest','{"rows":10}');
            CREATE TABLE data_place (
                pipeline TEXT PRIMARY KEY NOT NULL,
                event INTEGER NOT NULL
            ) WITHOUT ROWID;
            INSERT INTO "data_place" VALUES('after',6);
            CREATE TABLE run_event (
                run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                event INTEGER NOT NULL,
                PRIMARY KEY (run, event)
            ) WITHOUT ROWID;
            INSERT INTO "run_event" VALUES(1,7);
            CREATE INDEX data_event_of ON data_event (kind, name, id);
            COMMIT;
            """#)

    static let version5 = version4.replacing(
        "COMMIT;",
        with: #"""
            INSERT INTO "grdb_migrations" VALUES('5 retries of groups');
            ALTER TABLE run ADD COLUMN group_retries TEXT;
            UPDATE run SET group_retries = '{"g":2}' WHERE name = 'waiting';
            COMMIT;
            """#)

    /// The key of what is sealed in them.
    static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
}
