import Diagnostics
import Postgres

/// Questions of people to a project's databases: they can look at everything that its user may see, and change nothing.
///
/// A statement runs in a transaction that is read only, and is the query of a cursor, so that it can be nothing but a SELECT,
/// VALUES, TABLE or WITH; only EXPLAIN and SHOW are sent as they are. The extended protocol takes one statement at a time, so
/// that none can end the transaction. The server stops what takes too long.
package struct QueryConsole: Sendable {
    /// How much of an answer is fetched.
    package struct Limits: Sendable {
        package var rows: Int
        package var time: Duration

        package init(rows: Int = 1000, time: Duration = .seconds(30)) {
            self.rows = rows
            self.time = time
        }
    }

    package struct Answer: Sendable {
        package let columns: [String]
        package let kinds: [ProjectQuery.Answer.Kind]
        /// Values as the server writes them; nil for null.
        package let rows: [[String?]]
        /// Whether there are more rows than were fetched.
        package let isCut: Bool
    }

    package struct Table: Sendable, Hashable {
        package let schema: String
        package let name: String
        /// Names and types of the columns: `id bigint`.
        package let columns: [String]
        /// A SELECT of all its columns.
        package let sql: String
    }

    private let query: ProjectQuery
    /// The databases that can be asked, the warehouse first.
    package let databases: [String]

    package init(_ project: LeatProject) {
        query = ProjectQuery(project)
        var names: [String] = []
        for name in project.destinations.map(\.name) + project.sources.map(\.name) + project.services.map(\.name)
        where !names.contains(name) && (try? query.options(for: name)) != nil {
            names.append(name)
        }
        databases = names
    }

    /// - Throws: `PostgresError` with the place in `sql`, `ProjectError` for a name that leads nowhere.
    package func run(_ sql: String, on name: String?, limits: Limits = Limits()) async throws -> Answer {
        let statement = sql.trimmed
        guard !statement.isEmpty else {
            throw ProjectError(.badValue, "there is no statement to run", hint: "write a SELECT")
        }
        return try await reading(on: name, limits: limits) { connection in
            let word = statement.prefix { $0.isLetter }.lowercased()
            if ["explain", "show"].contains(word) {
                return answer(try await connection.query(statement), limit: limits.rows)
            }
            let opening = "DECLARE console NO SCROLL CURSOR FOR "
            do {
                _ = try await connection.query(opening + statement)
            } catch var error as PostgresError {
                error.position = error.position.map { max(1, $0 - opening.unicodeScalars.count) }
                if error.sqlState?.rawValue == "42601", !["select", "with", "values", "table"].contains(word) {
                    error.hint = "this console only reads: SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW, one statement at a time"
                }
                throw placed(error, in: statement)
            }
            return answer(try await connection.query("FETCH \(limits.rows + 1) FROM console"), limit: limits.rows)
        }
    }

    /// The tables and views that the database's user may read, by schema and name.
    package func tables(on name: String?) async throws -> [Table] {
        try await reading(on: name, limits: Limits()) { connection in
            try await connection.query(Self.tablesQuery).map { row in
                Table(
                    schema: row[0].string ?? "", name: row[1].string ?? "",
                    columns: (row[2].string ?? "").split(separator: "\n").map(String.init), sql: row[3].string ?? "")
            }
        }
    }

    private static let tablesQuery = """
        SELECT n.nspname, c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), E'\\n' ORDER BY a.attnum),
               format('SELECT * FROM %I.%I LIMIT 100', n.nspname, c.relname)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
          AND has_table_privilege(c.oid, 'SELECT')
        GROUP BY 1, 2
        ORDER BY 1, 2
        LIMIT 5000
        """

    /// How large a table is, as far as the server knows without counting.
    package struct Size: Sendable, Hashable {
        package let schema: String
        package let name: String
        /// nil where the server has not looked yet, and for views.
        package let rows: Int?
        /// With indexes and what is stored apart.
        package let bytes: Int
    }

    /// The sizes of all tables, materialized views and views.
    package func sizes(on name: String?) async throws -> [Size] {
        try await reading(on: name, limits: Limits(time: .seconds(5))) { connection in
            try await connection.query(Self.sizesQuery).map { row in
                Size(
                    schema: row[0].string ?? "", name: row[1].string ?? "", rows: row[2].string.flatMap { Int($0) },
                    bytes: row[3].string.flatMap { Int($0) } ?? 0)
            }
        }
    }

    private static let sizesQuery = """
        SELECT n.nspname, c.relname, CASE WHEN c.relkind IN ('r', 'm') THEN coalesce(nullif(s.n_live_tup, 0), nullif(c.reltuples, -1))::bigint END,
               pg_total_relation_size(c.oid)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
        WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        LIMIT 20000
        """

    private func reading<T: Sendable>(
        on name: String?, limits: Limits, _ body: (Connection) async throws -> T
    ) async throws -> T {
        let connection = try await Connection.connect(try query.options(for: name ?? databases.first))
        do {
            _ = try await connection.execute("BEGIN READ ONLY")
            let milliseconds = Int(limits.time / .milliseconds(1))
            _ = try await connection.query("SELECT set_config('statement_timeout', '\(milliseconds)', true)")
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }

    private func answer(_ result: QueryResult, limit: Int) -> Answer {
        let rows = result.map { row in (0..<row.count).map { row[$0].string } }
        return Answer(
            columns: result.columns.map(\.name), kinds: result.columns.map { ProjectQuery.Answer.Kind(typeOID: $0.typeOID) },
            rows: Array(rows.prefix(limit)), isCut: rows.count > limit)
    }

    /// The error with line and column of the statement.
    private func placed(_ error: PostgresError, in statement: String) -> PostgresError {
        guard let position = error.position else { return error }
        var placed = error
        let before = statement.unicodeScalars.prefix(position - 1)
        let line = before.count { $0 == "\n" } + 1
        let column = before.reversed().prefix { $0 != "\n" }.count + 1
        placed.location = SourceLocation(file: "query", line: line, column: column)
        return placed
    }
}

extension String {
    /// Without spaces, line breaks and semicolons at the ends.
    fileprivate var trimmed: String {
        let skipped: (Character) -> Bool = { $0.isWhitespace || $0 == ";" }
        let front = drop(while: skipped)
        return String(front[..<(front.lastIndex { !skipped($0) }.map { front.index(after: $0) } ?? front.startIndex)])
    }
}
