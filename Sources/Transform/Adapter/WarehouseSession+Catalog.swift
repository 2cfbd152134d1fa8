import Postgres

extension WarehouseSession {
    /// Learns what exists in the schemas, with one query, outside of the node's own transaction where it can.
    func fillCache(schemas: Set<String>) throws {
        guard !schemas.isEmpty else { return }
        let list = schemas.sorted().map { quoteLiteral($0.lowercased()) }.joined(separator: ", ")
        let result = try execute(Self.catalogQuery.replacing("$schemas", with: list))
        var existing: Set<String> = []
        var relations: [Relation] = []
        var links: [(dependent: RelationKey, on: RelationKey)] = []
        for row in result {
            let schema = row[1].string ?? ""
            let name = row[2].string ?? ""
            switch row[0].string {
            case "schema": existing.insert(schema)
            case "link":
                links.append(
                    (
                        RelationKey(schema: schema, identifier: name),
                        RelationKey(schema: row[3].string ?? "", identifier: row[4].string ?? "")
                    ))
            case let type?:
                relations.append(
                    Relation(database: credentials.database, schema: schema, identifier: name, type: RelationType(rawValue: type))
                )
            case nil: break
            }
        }
        cache.fill(schemas: schemas, existing: existing, relations: relations, links: links)
    }

    /// Learns which of the schemas exist, and nothing of what is in them.
    func learnSchemas(_ schemas: Set<String>) throws {
        guard !schemas.isEmpty else { return }
        let list = schemas.sorted().map(quoteLiteral).joined(separator: ", ")
        for row in try execute("select nspname from pg_catalog.pg_namespace where nspname in (\(list))") {
            if let name = row[0].string { cache.addSchema(name) }
        }
    }

    /// Creates a schema by what `create` sends, and commits it.
    ///
    /// `create schema if not exists` fails where another session has created the schema and commits while this one waits for it:
    /// the pods of one run all begin so. Then the schema is there, and that is all that was wanted.
    /// - Throws: `TransformError`, `PostgresError`.
    func createSchema(_ schema: String, _ create: () throws -> Void) throws {
        do {
            try create()
            try commit()
        } catch {
            let mayBeThere = NodeFailure.databaseError(in: error)?.sqlState?.mayBeThere == true
            if mayBeThere {
                rollBackIfOpen()
                try learnSchemas([schema])
                try commit()
            }
            guard mayBeThere, cache.hasSchema(schema) else { throw TransformError(template: error) }
        }
        cache.addSchema(schema)
    }

    /// Learns what exists in a schema that is not known yet.
    func fillCache(forSchema schema: String, database: String?) throws {
        guard !schema.isEmpty, !cache.isKnown(schema: schema) else { return }
        try fillCache(schemas: [schema])
    }

    func schemaExists(_ schema: String) throws -> Bool {
        if cache.hasSchema(schema) { return true }
        let result = try execute("select 1 from pg_catalog.pg_namespace where nspname = \(quoteLiteral(schema))")
        return !result.isEmpty
    }

    /// Schemas, relations, and views with what they are built on.
    private static let catalogQuery = """
        select 'schema', nspname, null, null, null from pg_catalog.pg_namespace where lower(nspname) in ($schemas)
        union all
        select case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' when 'f' then 'external' else 'table' end,
               n.nspname, c.relname, null, null
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'v', 'm', 'p', 'f') and lower(n.nspname) in ($schemas)
        union all
        select distinct 'link', dn.nspname, dc.relname, rn.nspname, rc.relname
        from pg_catalog.pg_depend d
        join pg_catalog.pg_rewrite r on r.oid = d.objid
        join pg_catalog.pg_class dc on dc.oid = r.ev_class
        join pg_catalog.pg_namespace dn on dn.oid = dc.relnamespace
        join pg_catalog.pg_class rc on rc.oid = d.refobjid
        join pg_catalog.pg_namespace rn on rn.oid = rc.relnamespace
        where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
          and dc.oid <> rc.oid and lower(rn.nspname) in ($schemas)
        """
}
