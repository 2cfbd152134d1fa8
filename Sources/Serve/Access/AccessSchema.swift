import GRDB

/// The tables of users, sessions and tokens. Migrations only go forward; times are microseconds since 1970.
enum AccessSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 users, sessions, tokens") { db in
            try db.execute(
                sql: """
                    CREATE TABLE user (
                        name TEXT PRIMARY KEY,
                        role TEXT NOT NULL,
                        password TEXT NOT NULL,
                        created_at INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE TABLE session (
                        hash TEXT PRIMARY KEY,
                        user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
                        created_at INTEGER NOT NULL,
                        expires_at INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    CREATE INDEX session_user ON session (user);
                    CREATE TABLE token (
                        hash TEXT PRIMARY KEY,
                        label TEXT NOT NULL,
                        user TEXT NOT NULL REFERENCES user (name) ON DELETE CASCADE,
                        role TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        UNIQUE (user, label)
                    ) WITHOUT ROWID;
                    """)
        }
        return migrator
    }()
}
