import Documents
import Jinja

/// catalog.json, version 1.
struct CatalogArtifact {
    /// A column of a relation, as the macro `get_catalog` gives it.
    struct Row: Sendable {
        var database: String
        var schema: String
        var name: String
        var type: String
        var comment: String?
        var column: String
        var index: Int
        var columnType: String
        var columnComment: String?
        var owner: String?
    }

    let rows: [Row]
    let wanted: [(id: NodeID, relation: RelationKey)]
    let world: RenderWorld

    var json: JSON {
        let invocation = world.scope.invocation
        var nodes = JSON.Members()
        var sources = JSON.Members()
        let relations = Dictionary(grouping: rows) { RelationKey(schema: $0.schema, identifier: $0.name) }
        for (id, key) in wanted {
            guard let columns = relations[key], let first = columns.first else { continue }
            let entry = table(first, columns, id)
            if id.rawValue.hasPrefix("source.") { sources[id.rawValue] = entry } else { nodes[id.rawValue] = entry }
        }
        return [
            "metadata": [
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/catalog/v1.json",
                "dbt_version": .string(Invocation.dbtVersion), "generated_at": .string(DateTimeStamp.now().artifactText),
                "invocation_id": .string(invocation.id), "invocation_started_at": .string(invocation.startedAt.artifactText),
                "env": world.scope.metadataEnvironment,
            ],
            "nodes": .object(nodes), "sources": .object(sources), "errors": nil,
        ]
    }

    private func table(_ first: Row, _ columns: [Row], _ id: NodeID) -> JSON {
        [
            "metadata": [
                "type": .string(first.type), "schema": .string(first.schema), "name": .string(first.name),
                "database": .string(first.database), "comment": NodeArtifact.optional(first.comment),
                "owner": NodeArtifact.optional(first.owner),
            ],
            "columns": .object(
                JSON.Members(
                    columns.sorted { $0.index < $1.index }.map { column in
                        (
                            column.column,
                            [
                                "type": .string(column.columnType), "index": .int(column.index),
                                "name": .string(column.column), "comment": NodeArtifact.optional(column.columnComment),
                            ]
                        )
                    })),
            "stats": [
                "has_stats": [
                    "id": "has_stats", "label": "Has Stats?", "value": false, "include": false,
                    "description": "Indicates whether there are statistics for this table",
                ]
            ], "unique_id": .string(id.rawValue),
        ]
    }

    /// The rows of the macro's table, by the names of its columns.
    static func rows(of table: TableObject?) -> [Row] {
        guard let table else { return [] }
        let names = table.columnNames.map { $0.lowercased() }
        func text(_ row: RowObject, _ name: String) -> String? {
            guard let index = names.firstIndex(of: name) else { return nil }
            let value = row.values[index]
            return value.isNone ? nil : value.pythonString
        }
        return table.rows.map { row in
            Row(
                database: text(row, "table_database") ?? "", schema: text(row, "table_schema") ?? "",
                name: text(row, "table_name") ?? "", type: text(row, "table_type") ?? "",
                comment: text(row, "table_comment"), column: text(row, "column_name") ?? "",
                index: Int(text(row, "column_index") ?? "") ?? 0, columnType: text(row, "column_type") ?? "",
                columnComment: text(row, "column_comment"), owner: text(row, "table_owner"))
        }
    }
}
