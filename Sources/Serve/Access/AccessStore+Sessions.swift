import GRDB
import Orchestrate

extension AccessStore {
    /// Begins a session of `user`.
    func makeSession(of user: User) async throws -> SessionSecret {
        let secret = SessionSecret()
        let now = clock.now()
        try await database.write { db in
            try db.execute(sql: "DELETE FROM session WHERE expires_at < ?", arguments: [now.microseconds])
            try db.execute(
                sql: "INSERT INTO session (hash, user, created_at, expires_at) VALUES (?, ?, ?, ?)",
                arguments: [
                    secret.hash, user.name, now.microseconds, (now + AccessStore.sessionLifetime).microseconds,
                ])
        }
        return secret
    }

    /// The user whose session it is, if it has not expired. A session in use is prolonged, at most once an hour.
    func user(of session: SessionSecret) async throws -> User? {
        let now = clock.now()
        let found = try await database.read { db -> (user: User?, expiry: Timestamp)? in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT u.name, u.role, u.created_at, s.expires_at FROM session s JOIN user u ON u.name = s.user
                    WHERE s.hash = ? AND s.expires_at > ?
                    """, arguments: [session.hash, now.microseconds])
            return row.map { (AccessStore.user($0), Timestamp(microseconds: $0["expires_at"])) }
        }
        guard let (user, expiry) = found else { return nil }
        let next = now + AccessStore.sessionLifetime
        if next - expiry > .seconds(3600) {
            try await database.write { db in
                try db.execute(
                    sql: "UPDATE session SET expires_at = ? WHERE hash = ?", arguments: [next.microseconds, session.hash])
            }
        }
        return user
    }

    /// Ends a session.
    func end(_ session: SessionSecret) async throws {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [session.hash])
        }
    }
}
