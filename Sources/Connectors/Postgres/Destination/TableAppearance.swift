import Postgres

/// Owner, rights and comments of a table.
enum TableAppearance {
    /// The statements that give them to the staging table.
    static func statements(
        from table: TargetTable, to staging: StagingTable, on connection: BlockingConnection
    ) throws(PostgresError) -> [String] {
        let target = quoteLiteral(staging.quoted)
        // Default privileges may have given the staging table rights that were taken from the old one.
        return try connection.execute(
            """
            select statement from (
              select 1 as step, format('revoke all on table %s from %s', \(target), grantee) as statement
              from (select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
                from pg_class c, aclexplode(c.relacl) a where c.oid = \(target)::regclass and a.grantee <> c.relowner)
                as given(grantee)
              union all
              select 2, format('grant %s on table %s to %s%s', a.privilege_type, \(target),
                case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' else '' end)
              from pg_class c, aclexplode(c.relacl) a where c.oid = \(table.oid) and a.grantee <> c.relowner
              union all
              select 3, format('grant %s (%I) on table %s to %s%s', a.privilege_type, t.attname, \(target),
                case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' else '' end)
              from pg_attribute t, aclexplode(t.attacl) a
              where t.attrelid = \(table.oid) and t.attnum > 0 and not t.attisdropped and exists (
                select from pg_attribute s where s.attrelid = \(target)::regclass and s.attname = t.attname)
              union all
              select 4, format('comment on table %s is %L', \(target), d) from obj_description(\(table.oid), 'pg_class') d
              where d is not null
              union all
              select 5, format('comment on column %s.%I is %L', \(target), t.attname, d)
              from pg_attribute t, col_description(t.attrelid, t.attnum) d
              where t.attrelid = \(table.oid) and t.attnum > 0 and not t.attisdropped and d is not null and exists (
                select from pg_attribute s where s.attrelid = \(target)::regclass and s.attname = t.attname)
              union all
              select 6, format('alter table %s owner to %I', \(target), pg_get_userbyid(o.relowner))
              from pg_class o, pg_class s where o.oid = \(table.oid) and s.oid = \(target)::regclass
              and o.relowner <> s.relowner) as steps
            order by step
            """
        ).compactMap { $0[0].string }
    }
}
