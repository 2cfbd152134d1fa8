import Documents
import Postgres

/// A table or file that a task reads or writes, as OpenLineage names it: of PostgreSQL, `postgres://host:port` and
/// `database.schema.table`.
struct LineageDataset: Sendable {
    struct Column: Sendable, Hashable {
        let name: String
        var type: String?
        var description = ""
    }

    let namespace: String
    let name: String
    var description = ""
    var columns: [Column] = []
    /// How many rows a task has written.
    var rows: Int?
    var bytes: Int?
    /// Where its columns can be asked for.
    var place: Place?

    struct Place: Sendable {
        let options: ConnectionOptions
        let schema: String
        let table: String
    }

    /// A table of a PostgreSQL server.
    init(_ options: ConnectionOptions, schema: String, table: String) {
        namespace = "postgres://\(options.host):\(options.port)"
        name = [options.database, schema, table].joined(separator: ".")
        place = Place(options: options, schema: schema, table: table)
    }

    init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    func json(isOutput: Bool) -> JSON {
        var facets = JSON.Members([("dataSource", LineageFacet.dataSource(namespace))])
        if !columns.isEmpty { facets.append("schema", LineageFacet.schema(columns)) }
        if !description.isEmpty { facets.append("documentation", LineageFacet.datasetDocumentation(description)) }
        var members = JSON.Members([
            ("namespace", .string(namespace)), ("name", .string(name)), ("facets", .object(facets)),
        ])
        if isOutput, let rows {
            members.append("outputFacets", ["outputStatistics": LineageFacet.outputStatistics(rows: rows, bytes: bytes)])
        }
        return .object(members)
    }

    /// With the columns that the server knows, and what was said of them before; as it is where the server cannot be asked.
    func withColumns() async -> LineageDataset {
        guard let place else { return self }
        let sql = """
            select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
            where a.attrelid = to_regclass(quote_ident($1) || '.' || quote_ident($2)) and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """
        guard let connection = try? await Connection.connect(place.options) else { return self }
        let found = try? await connection.query(sql, [.string(place.schema), .string(place.table)])
        let pairs = found?.map { row in (row[0].string ?? "", row[1].string) } ?? []
        await connection.close()
        guard !pairs.isEmpty else { return self }
        var result = self
        result.columns = pairs.map { name, type in
            Column(name: name, type: type, description: columns.first { $0.name == name }?.description ?? "")
        }
        return result
    }
}
