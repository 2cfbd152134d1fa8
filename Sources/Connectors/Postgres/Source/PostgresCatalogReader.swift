import Postgres
import Records

/// Reads from the system catalogs which tables and views there are.
struct PostgresCatalogReader {
    let connection: BlockingConnection
    let schemas: [String]

    /// - Parameter only: looks at no others; those without a namespace are looked for in all schemas of the configuration.
    func catalog(only: [StreamDescriptor]?) throws(ConnectorError) -> Catalog {
        do {
            let rows = try connection.execute(Self.query(where: condition(only), version: connection.serverVersion))
            var streams: [DiscoveredStream] = []
            for row in rows { Self.add(row, to: &streams) }
            return Catalog(streams: streams)
        } catch {
            throw ConnectorError(.source, while: "looking at the tables of the source", error)
        }
    }

    private func condition(_ only: [StreamDescriptor]?) -> String {
        let inSchemas = "n.nspname in (\(schemas.map { quoteLiteral($0) }.joined(separator: ", ")))"
        guard let only else {
            // A partition's rows are read through its table.
            return "\(inSchemas) and not c.relispartition"
        }
        let choices = only.map { stream in
            let schema = stream.namespace.map { "n.nspname = \(quoteLiteral($0))" } ?? inSchemas
            return "(\(schema) and c.relname = \(quoteLiteral(stream.name)))"
        }
        return choices.isEmpty ? "false" : "(\(choices.joined(separator: " or ")))"
    }

    private static func add(_ row: Row, to streams: inout [DiscoveredStream]) {
        guard let schema = row["schema"]?.string, let name = row["name"]?.string else { return }
        let descriptor = StreamDescriptor(namespace: schema, name: name)
        if streams.last?.descriptor != descriptor {
            streams.append(
                DiscoveredStream(
                    descriptor: descriptor, kind: kind(row["kind"]?.string), fields: [],
                    estimatedRows: row["rows"]?.double.flatMap { $0 < 0 ? nil : Int($0) }))
            streams[streams.count - 1].isReadable = row["readable"]?.bool ?? true
            streams[streams.count - 1].isCopyable =
                row["kind"]?.string == "r" && row["has_children"]?.bool == false
        }
        guard let column = row["column_name"]?.string else { return }
        // COPY of a table refuses generated columns; a query does not.
        if row["is_generated"]?.bool == true { streams[streams.count - 1].isCopyable = false }
        let type = PostgresTypeRow(row)
        streams[streams.count - 1].fields.append(
            Field(
                name: column, type: type.logicalType, nativeType: type.nativeType,
                isNullable: row["not_null"]?.bool != true))
        if let place = row["key_place"]?.int {
            var keys = streams[streams.count - 1].primaryKey
            while keys.count < place { keys.append("") }
            keys[place - 1] = column
            streams[streams.count - 1].primaryKey = keys
        }
    }

    private static func kind(_ relkind: String?) -> DiscoveredStream.Kind {
        switch relkind {
        case "p": .partitionedTable
        case "v": .view
        case "m": .materializedView
        case "f": .foreignTable
        default: .table
        }
    }

    /// One row per column, with what decides how its values travel: the type below all domains (`b`), its element if it
    /// is an array (also below all domains, `e`), and the extension that the type belongs to.
    private static func query(where condition: String, version: Int) -> String {
        // Before PostgreSQL 12 no column was generated.
        let isGenerated = version >= 120_000 ? "a.attgenerated <> ''" : "false"
        return """
            select n.nspname as schema, c.relname as name, c.relkind as kind, c.reltuples as rows,
              c.relhassubclass as has_children,
              has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select') as readable,
              a.attname as column_name, a.attnotnull as not_null, \(isGenerated) as is_generated,
              pg_catalog.format_type(a.atttypid, a.atttypmod) as type_name,
              key.place as key_place, t.typtype as declared_kind,
              pg_catalog.format_type(base.oid, base.modifier) as base_name, b.oid as base_oid, b.typname as base_type,
              b.typtype as base_kind, b.typcategory as category, b.typsend <> 0 and b.typreceive <> 0 as has_binary,
              element.oid as element_oid, e.oid as element_base_oid, e.typtype as element_kind,
              pg_catalog.format_type(element_base.oid, element_base.modifier) as element_name,
              x.extname as extension,
              substr(pg_catalog.format_type(base.oid, base.modifier), length(pg_catalog.format_type(base.oid, null)) + 1)
                as modifiers,
              case when b.oid = 790 then current_setting('lc_monetary') end as lc_monetary
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_catalog.pg_type t on t.oid = a.atttypid
            left join lateral (
              with recursive layers(oid, modifier, depth) as (
                select a.atttypid, a.atttypmod, 0
                union all
                select d.typbasetype, d.typtypmod, depth + 1 from layers join pg_catalog.pg_type d
                  on d.oid = layers.oid and d.typtype = 'd')
              select oid, modifier from layers order by depth desc limit 1) base on a.atttypid is not null
            left join pg_catalog.pg_type b on b.oid = base.oid
            left join pg_catalog.pg_type element on element.oid = b.typelem and b.typcategory = 'A'
            left join lateral (
              with recursive layers(oid, modifier, depth) as (
                select element.oid, -1, 0
                union all
                select d.typbasetype, d.typtypmod, depth + 1 from layers join pg_catalog.pg_type d
                  on d.oid = layers.oid and d.typtype = 'd')
              select oid, modifier from layers order by depth desc limit 1) element_base on element.oid is not null
            left join pg_catalog.pg_type e on e.oid = element_base.oid
            left join pg_catalog.pg_depend dep on dep.classid = 'pg_catalog.pg_type'::regclass and dep.objid = b.oid
              and dep.refclassid = 'pg_catalog.pg_extension'::regclass and dep.deptype = 'e'
            left join pg_catalog.pg_extension x on x.oid = dep.refobjid
            left join lateral (
              select k.place from pg_catalog.pg_index i, unnest(i.indkey) with ordinality k(attnum, place)
              where i.indrelid = c.oid and i.indisprimary and k.attnum = a.attnum) key on true
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and \(condition)
            order by n.nspname, c.relname, c.oid, a.attnum
            """
    }
}
