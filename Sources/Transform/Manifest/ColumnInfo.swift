package import Documents

/// What a schema file says about a column.
package struct ColumnInfo: Sendable, Hashable {
    package var name: String
    package var description = ""
    package var meta = JSON.Members()
    package var dataType: String?
    package var constraints: [JSON] = []
    package var quote: Bool?
    package var tags: [String] = []
    package var docBlocks: [String] = []
    package var granularity: String?
    /// What the column is to a semantic model: a word, or a mapping.
    package var dimension: JSON = .null
    package var entity: JSON = .null
    /// Keys of `config:` and keys that dbt does not know, kept for the manifest.
    package var config = JSON.Members()
    package var extra = JSON.Members()

    package init(name: String) { self.name = name }

    var json: JSON {
        var members = JSON.Members()
        members.append("name", .string(name))
        members.append("description", .string(description))
        members.append("meta", .object(meta))
        members.append("data_type", dataType.map(JSON.string) ?? .null)
        members.append("constraints", .array(constraints))
        members.append("quote", quote.map(JSON.bool) ?? .null)
        members.append("config", ["meta": .object(meta), "tags": .array(tags.map(JSON.string))])
        members.append("tags", .array(tags.map(JSON.string)))
        members.append("granularity", granularity.map(JSON.string) ?? .null)
        members.append("dimension", dimension)
        members.append("entity", entity)
        members.append("doc_blocks", .array(docBlocks.map(JSON.string)))
        for entry in extra.entries { members.append(entry.key, entry.value) }
        return .object(members)
    }
}
