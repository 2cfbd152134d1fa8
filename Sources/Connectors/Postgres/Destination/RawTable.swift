import Documents
import Postgres
import Records

/// The tables that hold each record as a document, as Airbyte's destinations write them where typing and deduping is switched off.
///
/// Source of the layout and of the names: "Raw tables" of Airbyte's documentation of destination-postgres.
enum RawTable {
    static let data = "_airbyte_data"
    static let loadedAt = "_airbyte_loaded_at"

    /// The columns beside ``MetaColumn``.
    static let columns = [
        ColumnMapping(field: Field(name: loadedAt, type: .timestampWithTimeZone), type: "timestamp with time zone"),
        ColumnMapping(field: Field(name: data, type: .object), type: "jsonb"),
    ]

    /// `NAMESPACE_raw__stream_NAME`; the separator has more underscores than any run of them in the names.
    static func name(of table: TableName, in schema: String) -> TableName {
        let runs = (table.schema + table.name).split { $0 != "_" }.map(\.count)
        let separator = String(repeating: "_", count: max(1, runs.max() ?? 0) + 1)
        return TableName(schema: schema, name: "\(table.schema)_raw\(separator)stream_\(table.name)")
    }

    /// In Airbyte's order.
    static let definitions =
        "_airbyte_raw_id character varying not null, _airbyte_extracted_at timestamp with time zone not null, "
        + "_airbyte_loaded_at timestamp with time zone, _airbyte_data jsonb not null, _airbyte_meta jsonb not null, "
        + "_airbyte_generation_id bigint not null"

    /// The statement that makes documents of the rows of a table with typed columns.
    static func conversion(of typed: StagingTable, _ columns: [ColumnMapping], into raw: StagingTable) -> String {
        let values = columns.map { column in
            let name = quoteIdentifier(column.name)
            // As in Airbyte's records.
            return column.type == "bytea" ? "translate(encode(s.\(name), 'base64'), E'\\n', '') as \(name)" : "s.\(name)"
        }
        return """
            insert into \(raw.quoted) (_airbyte_raw_id, _airbyte_extracted_at, _airbyte_data, _airbyte_meta, _airbyte_generation_id)
            select s._airbyte_raw_id, s._airbyte_extracted_at,
              (select to_jsonb(r) from (select \(values.joined(separator: ", "))) r), s._airbyte_meta, s._airbyte_generation_id
            from \(typed.quoted) s
            """
    }

    /// A column's value out of the document, as SQL.
    static func value(of column: ColumnMapping) -> String { "(\(data) ->> \(quoteLiteral(column.name)))::\(column.type)" }

    /// The document of a record in the form that `jsonb` takes. Members that it does not take become null and are noted.
    static func document(_ scanner: JSONScanner, _ range: Range<Int>, _ notes: inout [JSON]) -> [UInt8]? {
        let bytes = scanner.bytes[range]
        if JSONBText.isAccepted(bytes) { return [1] + bytes }
        guard let members = scanner.members(of: range) else { return nil }
        var document: [UInt8] = [1, UInt8(ascii: "{")]
        for member in members {
            if document.count > 2 { document.append(UInt8(ascii: ",")) }
            // Postgres has no character zero.
            document += JSON.string(member.key.filter { $0 != "\0" }).bytes() + [UInt8(ascii: ":")]
            if JSONBText.isAccepted(scanner.bytes[member.value]) {
                document += scanner.bytes[member.value]
                continue
            }
            document += Array("null".utf8)
            notes.append([
                "field": .string(member.key), "change": "NULLED", "reason": "DESTINATION_SERIALIZATION_ERROR",
            ])
        }
        return document + [UInt8(ascii: "}")]
    }
}

extension WriteRequest {
    /// The request as raw tables take it: they are never deduplicated.
    var undeduplicated: WriteRequest {
        var request = self
        request.primaryKey = []
        switch mode {
        case .incrementalAppendDeduped: request.mode = .incrementalAppend
        case .fullRefreshOverwriteDeduped: request.mode = .fullRefreshOverwrite
        default: break
        }
        return request
    }

    /// The request for the documents of its rows.
    var documents: WriteRequest {
        var request = undeduplicated
        request.documentColumns = columns
        request.columns = RawTable.columns
        request.attemptID = "raw_\(attemptID)"
        return request
    }
}
