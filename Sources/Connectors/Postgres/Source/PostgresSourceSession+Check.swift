import Diagnostics
import Postgres
import Records

extension PostgresSourceSession {
    func check() throws(ConnectorError) -> CheckReport {
        let (user, existing) = try schemasOfServer()
        if let missing = schemas.first(where: { existing[$0] == nil }) {
            let names = existing.keys.sorted()
            throw ConnectorError(
                .configuration, "the database has no schema '\(missing)'",
                hint: Suggestion.hint(for: missing, in: names) ?? "it has \(names.joined(separator: ", "))")
        }
        if let closed = schemas.first(where: { existing[$0] == false }) {
            throw ConnectorError(
                .permission, "\(user) may not use the schema '\(closed)'",
                hint: "grant usage on schema \(quoteIdentifier(closed)) to \(user)")
        }
        let streams = try discover(only: nil).streams
        let closed = streams.filter { !$0.isReadable }
        if let first = closed.first, closed.count == streams.count {
            let schema = quoteIdentifier(first.descriptor.namespace ?? "public")
            throw ConnectorError(
                .permission, "\(user) may read none of the \(streams.count) tables and views",
                hint: "grant select on all tables in schema \(schema) to \(user)")
        }
        var remarks: [String] = []
        if streams.isEmpty {
            remarks.append("there are no tables nor views in \(schemas.joined(separator: ", "))")
        }
        if !closed.isEmpty {
            let names = closed.prefix(5).map(\.descriptor.description).joined(separator: ", ")
            remarks.append("\(user) may not read \(names)\(closed.count > 5 ? " and \(closed.count - 5) more" : "")")
        }
        let count = streams.count - closed.count
        return CheckReport("\(connection.product), \(count.grouped) stream\(count == 1 ? "" : "s")", remarks: remarks)
    }

    /// Who we are, and for each schema whether it may be used.
    private func schemasOfServer() throws(ConnectorError) -> (user: String, schemas: [String: Bool]) {
        do {
            let rows = try connection.execute(
                """
                select quote_ident(current_user) as who, nspname, has_schema_privilege(oid, 'usage') as usable
                from pg_namespace where nspname !~ '^pg_(toast|temp)'
                """)
            let schemas = rows.map { ($0["nspname"]?.string ?? "", $0["usable"]?.bool == true) }
            return (rows.first?["who"]?.string ?? "", Dictionary(schemas) { first, _ in first })
        } catch {
            throw ConnectorError(.source, while: "checking the source", error)
        }
    }
}
