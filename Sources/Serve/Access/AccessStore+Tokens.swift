import GRDB
package import Orchestrate

extension AccessStore {
    /// A token as its owner sees it later: without the secret.
    package struct Token: Sendable, Hashable {
        package let label: String
        package let user: String
        /// What it may do, at most what its user may.
        package let role: Role
        package let createdAt: Timestamp
    }

    /// Makes a token for programs that act for `user`, and gives its secret, which is shown once.
    /// - Throws: `ServeError` with code `serve.bad_user` where there is no such user, or the label is taken.
    package func makeToken(_ label: String, of user: String, role: Role) async throws -> String {
        let secret = "leat_" + SecretText.random(bytes: 32)
        let now = clock.now().microseconds
        do {
            try await database.write { db in
                try db.execute(
                    sql: "INSERT INTO token (hash, label, user, role, created_at) VALUES (?, ?, ?, ?, ?)",
                    arguments: [SecretText.hash(secret), label, user, role.rawValue, now])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw ServeError(
                .badUser, "the token '\(label)' cannot be made for '\(user)'",
                hint: "the user must exist, and have no token of that name")
        }
        return secret
    }

    /// All tokens, or those of one user.
    package func tokens(of user: String? = nil) async throws -> [Token] {
        try await database.read { db in
            try Row.fetchAll(
                db, sql: "SELECT label, user, role, created_at FROM token WHERE ? IS NULL OR user = ? ORDER BY user, label",
                arguments: [user, user]
            ).compactMap { row in
                Role(rawValue: row["role"]).map {
                    Token(
                        label: row["label"], user: row["user"], role: $0,
                        createdAt: Timestamp(microseconds: row["created_at"]))
                }
            }
        }
    }

    /// Removes a token, and says whether there was one.
    package func removeToken(_ label: String, of user: String) async throws -> Bool {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM token WHERE label = ? AND user = ?", arguments: [label, user])
            return db.changesCount > 0
        }
    }

    /// Who a token's secret stands for: its user, with the lesser of both roles.
    func visitor(token secret: String) async throws -> Visitor? {
        let hash = SecretText.hash(secret)
        return try await database.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT u.name, u.role AS own, t.role AS scope FROM token t JOIN user u ON u.name = t.user WHERE t.hash = ?
                    """, arguments: [hash])
            guard let row, let own = Role(rawValue: row["own"]), let scope = Role(rawValue: row["scope"]) else { return nil }
            return Visitor(name: row["name"], role: min(own, scope), session: nil)
        }
    }
}
