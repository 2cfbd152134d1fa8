import Postgres

/// Digests a table in a Postgres server.
///
/// The hash of a value is that of its text (`hashtextextended`, the same in all servers since PostgreSQL 11), compared byte
/// by byte. A row's hash is a hash over those of its columns, made once more nonlinear: a plain sum would not notice values
/// that changed places between two rows. Sums, not exclusive ors, since two equal rows would cancel each other out.
final class PostgresDigester: RowDigester {
    private let connection: BlockingConnection
    private let statements: PostgresDigestStatements
    /// For errors: `reading public.orders`.
    private let what: String
    let encoding: String

    /// Rows of the list of hashes per piece.
    private static let pageSize = 20_000

    /// - Parameter connection: in a transaction that sees one instant.
    init(_ connection: BlockingConnection, _ statements: PostgresDigestStatements, what: String) throws(ConnectorError) {
        self.connection = connection
        self.statements = statements
        self.what = what
        guard connection.serverVersion >= 110_000 else {
            throw ConnectorError(
                .unsupported, "\(connection.product) cannot hash values", hint: "verify needs PostgreSQL 11 or newer")
        }
        do {
            encoding = try connection.execute("show server_encoding").scalar?.string ?? ""
        } catch {
            throw ConnectorError(.source, while: what, error)
        }
    }

    var interrupt: Interrupt { connection.interrupt }

    func count() throws(ConnectorError) -> Int { try ask(statements.count).scalar?.int ?? 0 }

    func totals(_ scope: DigestScope) throws(ConnectorError) -> DigestTotals {
        guard let row = try ask(statements.totals(scope)).first else { return DigestTotals(rows: 0, digest: "0") }
        return DigestTotals(
            rows: row[0].int ?? 0, digest: row[1].string ?? "0", columns: (2..<row.count).map { row[$0].string ?? "0" })
    }

    func buckets(_ scope: DigestScope, bits: Int) throws(ConnectorError) -> [Int: DigestTotals] {
        var buckets: [Int: DigestTotals] = [:]
        for row in try ask(statements.buckets(scope, bits: bits)) {
            buckets[row[0].int ?? 0] = DigestTotals(rows: row[1].int ?? 0, digest: row[2].string ?? "0")
        }
        return buckets
    }

    func beginHashes(_ scope: DigestScope, buckets: DigestBuckets?) throws(ConnectorError) {
        _ = try ask("declare leat_hashes no scroll cursor for \(statements.hashes(scope, buckets: buckets))")
    }

    func nextHashes() throws(ConnectorError) -> [RowHash] {
        let rows = try ask("fetch forward \(Self.pageSize) from leat_hashes")
        if rows.isEmpty { _ = try ask("close leat_hashes") }
        return rows.map { RowHash(group: $0[0].int ?? 0, row: $0[1].int ?? 0) }
    }

    func rows(_ scope: DigestScope, groups: [Int], limit: Int) throws(ConnectorError) -> [DigestedRow] {
        guard !groups.isEmpty else { return [] }
        return try ask(statements.rows(scope, groups: groups, limit: limit)).map { row in
            DigestedRow(
                hash: RowHash(group: row[0].int ?? 0, row: row[1].int ?? 0), values: (2..<row.count).map { row[$0].string })
        }
    }

    func close() { connection.close() }

    private func ask(_ sql: String) throws(ConnectorError) -> QueryResult {
        do {
            return try connection.execute(sql)
        } catch {
            throw ConnectorError(.source, while: what, error)
        }
    }
}
