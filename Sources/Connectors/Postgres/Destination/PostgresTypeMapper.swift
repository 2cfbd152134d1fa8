import Postgres
import Records

/// Decides which column type a field gets, by what the destination's server has.
struct PostgresTypeMapper {
    /// The names that the server can resolve.
    private var known: Set<String> = []
    /// The server's name of an extension's type, by extension and type.
    private var extensionTypes: [String: String] = [:]
    private var settings: [String: String] = [:]

    /// Asks the server once for all that the streams need.
    init(streams: [DiscoveredStream], connection: BlockingConnection) throws(ConnectorError) {
        var names: Set<String> = []
        var types: Set<String> = []
        var asked: Set<String> = []
        for field in streams.flatMap(\.fields) {
            switch field.nativeType?.portability {
            case .everywhere(let name), .afterCast(let name): names.insert(name)
            case .withExtension(let owner, let type, _): types.insert(Self.key(owner, type))
            case .withSetting(let setting, _, let type):
                asked.insert(setting)
                names.insert(type)
            case .asText, nil: break
            }
        }
        func list(_ values: Set<String>) -> String {
            values.isEmpty ? "array[]::text[]" : "array[\(values.sorted().map { quoteLiteral($0) }.joined(separator: ", "))]"
        }
        do {
            let rows = try connection.execute(
                """
                select 'type' as kind, name, name as value from unnest(\(list(names))) name where to_regtype(name) is not null
                union all
                select 'extension', x.extname || ' ' || t.typname, quote_ident(n.nspname) || '.' || quote_ident(t.typname)
                from pg_extension x
                join pg_depend d on d.refclassid = 'pg_extension'::regclass and d.refobjid = x.oid and d.deptype = 'e'
                  and d.classid = 'pg_type'::regclass
                join pg_type t on t.oid = d.objid join pg_namespace n on n.oid = t.typnamespace
                where x.extname || ' ' || t.typname = any(\(list(types))) and t.typsend <> 0 and t.typreceive <> 0
                union all
                select 'setting', name, current_setting(name, true) from unnest(\(list(asked))) name
                """)
            for row in rows {
                guard let name = row["name"]?.string, let value = row["value"]?.string else { continue }
                switch row["kind"]?.string {
                case "type": known.insert(name)
                case "extension": extensionTypes[name] = value
                default: settings[name] = value
                }
            }
        } catch {
            throw ConnectorError(.destination, while: "looking at the types of the destination", error)
        }
    }

    private static func key(_ owner: String, _ type: String) -> String { "\(owner) \(type)" }

    /// The column for a field. A type that the destination lacks becomes text, which loses no character of the value.
    func column(for field: Field) -> ColumnMapping {
        guard let native = field.nativeType else { return ColumnMapping(field: field, type: Self.type(for: field.type)) }
        func asText(_ reason: String, type: String = "text") -> ColumnMapping {
            ColumnMapping(
                field: field, type: type, cast: type, note: "\(field.name): \(native.name) arrives as \(type) (\(reason))")
        }
        switch native.portability {
        case .everywhere(let name):
            return known.contains(name)
                ? ColumnMapping(field: field, type: name) : asText("the destination does not have the type")
        case .afterCast(let name):
            return known.contains(name)
                ? ColumnMapping(field: field, type: name, cast: name) : asText("the destination does not have the type")
        case .withExtension(let owner, let type, let modifiers):
            guard let name = extensionTypes[Self.key(owner, type)] else {
                return asText("the destination lacks the extension \(owner); create it there to keep the type")
            }
            return ColumnMapping(field: field, type: name + modifiers)
        case .withSetting(let setting, let value, let type):
            return settings[setting] == value && known.contains(type)
                ? ColumnMapping(field: field, type: type) : asText("the servers differ in \(setting)")
        case .asText(let type, let reason):
            return asText(reason, type: type)
        }
    }

    /// For sources without types of Postgres.
    private static func type(for type: LogicalType) -> String {
        switch type {
        case .string: "character varying"
        case .binaryData: "bytea"
        case .boolean: "boolean"
        case .integer: "bigint"
        // Airbyte's own numeric(38,9) would round.
        case .number: "numeric"
        case .date: "date"
        case .timestampWithTimeZone: "timestamp with time zone"
        case .timestampWithoutTimeZone: "timestamp without time zone"
        case .timeWithTimeZone: "time with time zone"
        case .timeWithoutTimeZone: "time without time zone"
        case .object, .array: "jsonb"
        }
    }
}
