import Postgres
import Records

/// What lies at the place where a stream is to be written.
struct TargetTable {
    struct Column: Hashable {
        var name: String
        var type: String
    }

    let name: TableName
    let oid: Int
    /// In the table's order.
    let columns: [Column]

    var quoted: String { quoteIdentifier(schema: name.schema, name.name) }

    /// Looks at the place.
    ///
    /// - Returns: nil where nothing is.
    /// - Throws: ``ConnectorError`` if something is there that a sync must not replace.
    static func find(_ name: TableName, on connection: BlockingConnection) throws(ConnectorError) -> TargetTable? {
        let rows: QueryResult
        do {
            rows = try connection.query(
                """
                select c.oid, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod) as type
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                where n.nspname = $1 and c.relname = $2 order by a.attnum
                """, [.string(name.schema), .string(name.name)])
        } catch {
            throw ConnectorError(.destination, while: "looking at \(name)", error)
        }
        guard let first = rows.first else { return nil }
        let kinds = [
            "v": "a view", "m": "a materialized view", "f": "a foreign table", "S": "a sequence", "i": "an index",
            "c": "a type", "p": "a partitioned table", "I": "an index",
        ]
        if let kind = first["relkind"]?.string, kind != "r" {
            throw ConnectorError(
                .conflict, "the destination has \(kinds[kind] ?? "something else") where the table \(name) is to be written",
                hint: "rename it, or give the connection a prefix or another namespace")
        }
        let columns = rows.compactMap { row -> Column? in
            guard let column = row["attname"]?.string, let type = row["type"]?.string else { return nil }
            return Column(name: column, type: type)
        }
        guard MetaColumn.names.isSubset(of: columns.map(\.name)) else {
            throw ConnectorError(
                .conflict, "the table \(name) exists in the destination and was not made by a sync",
                hint: "rename or drop it, or give the connection a prefix or another namespace",
                details: [
                    "it lacks the columns \(MetaColumn.names.subtracting(columns.map(\.name)).sorted().joined(separator: ", "))"
                ])
        }
        return TargetTable(name: name, oid: first["oid"]?.int ?? 0, columns: columns)
    }

    /// What hangs on the table and would be lost, without an error, if another table took its place; empty where nothing does.
    ///
    /// Rights, comments, the owner and views are not among them: those are carried over.
    func attachments(on connection: BlockingConnection) throws(PostgresError) -> [String] {
        try connection.execute(
            """
            select 'indexes' where exists (select from pg_index where indrelid = \(oid))
            union all select 'triggers' where exists (select from pg_trigger where tgrelid = \(oid))
            union all select 'policies' where exists (select from pg_policy where polrelid = \(oid))
              or exists (select from pg_class where oid = \(oid) and (relrowsecurity or relforcerowsecurity))
            union all select 'constraints' where exists (
              select from pg_constraint where (conrelid = \(oid) or confrelid = \(oid)) and contype <> 'n')
            union all select 'statistics' where exists (select from pg_statistic_ext where stxrelid = \(oid))
            union all select 'rules' where exists (select from pg_rewrite where ev_class = \(oid))
            union all select 'partitions or children' where exists (
              select from pg_inherits where inhrelid = \(oid) or inhparent = \(oid))
            union all select 'publications' where exists (
              select from pg_publication_tables p join pg_class c on c.oid = \(oid)
              join pg_namespace n on n.oid = c.relnamespace where p.schemaname = n.nspname and p.tablename = c.relname)
            union all select 'security labels' where exists (
              select from pg_seclabel where classoid = 'pg_class'::regclass and objoid = \(oid))
            union all select 'storage parameters' where exists (
              select from pg_class where oid = \(oid) and (reloptions is not null or reltablespace <> 0 or relpersistence <> 'p'))
            union all select 'column settings' where exists (
              select from pg_attribute where attrelid = \(oid) and attnum > 0 and not attisdropped
              and (attoptions is not null or atthasdef or attidentity <> ''))
            union all select 'materialized views' where exists (
              select from pg_depend d join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
              join pg_class v on v.oid = r.ev_class where d.refclassid = 'pg_class'::regclass and d.refobjid = \(oid)
              and v.relkind <> 'v')
            """
        ).compactMap { $0[0].string }
    }

    /// The bytes of its rows, without those moved out of line.
    func size(on connection: BlockingConnection) throws(PostgresError) -> Int {
        try connection.execute("select pg_relation_size(\(oid))").scalar?.int ?? 0
    }
}
