import Postgres

/// A view that reads a table directly.
struct DependentView {
    let quoted: String
    private let query: String
    private let options: String

    /// The views that read the table. Their queries are written with the names that things have now.
    static func all(of table: TargetTable, on connection: BlockingConnection) throws(PostgresError) -> [DependentView] {
        // With an empty path every name in the text is qualified, so that it means the same in any session.
        try connection.execute(
            """
            set local search_path = '';
            select quote_ident(n.nspname) || '.' || quote_ident(v.relname), pg_get_viewdef(v.oid),
              array_to_string(array(select format('%s=%s', quote_ident(o.option_name), quote_literal(o.option_value))
                from pg_options_to_table(v.reloptions) o), ', ')
            from pg_class v join pg_namespace n on n.oid = v.relnamespace
            where v.relkind = 'v' and v.oid in (
              select r.ev_class from pg_depend d join pg_rewrite r on r.oid = d.objid
              where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
              and d.refobjid = \(table.oid) and r.ev_class <> \(table.oid))
            order by v.oid
            """
        ).map { row in
            DependentView(quoted: row[0].string ?? "", query: row[1].string ?? "", options: row[2].string ?? "")
        }
    }

    /// Gives the view its query anew, which is then about whatever tables have those names now. The view stays the same
    /// object: its owner, rights, comment, triggers and the views above it stay.
    var statement: String {
        "create or replace view \(quoted)\(options.isEmpty ? "" : " with (\(options))") as \(query)"
    }
}
