import Documents
import Records

/// What a platform wants to be read or written: `ConfiguredAirbyteCatalog`.
struct ConfiguredCatalog {
    struct Stream {
        /// As the catalog describes it: its columns are those of its JSON Schema.
        var discovered: DiscoveredStream
        var isIncremental: Bool
        var destinationMode: DestinationMode
        var cursorField: String?
        var primaryKey: [String]
        var generation: Int
        /// Rows of older generations are to go.
        var minimumGeneration: Int
        var syncID: Int
        /// The table's name where it is another than the stream's.
        var objectName: String?

        var descriptor: StreamDescriptor { discovered.descriptor }
    }

    enum DestinationMode: String {
        case append
        case overwrite
        case appendDedup = "append_dedup"
        case overwriteDedup = "overwrite_dedup"
        case update
        case softDelete = "soft_delete"
    }

    var streams: [Stream]

    /// - Throws: ``ConnectorError`` if it is no such catalog.
    init(_ json: JSON) throws(ConnectorError) {
        guard let items = json["streams"]?.array else { throw Self.wrong("it has no list of streams") }
        streams = []
        for item in items { streams.append(try Self.stream(item)) }
    }

    private static func stream(_ item: JSON) throws(ConnectorError) -> Stream {
        guard let definition = item["stream"],
            let stream = AirbyteCatalog.catalog(from: ["streams": [definition]]).streams.first
        else { throw wrong("one of its streams has no name") }
        let word = item["destination_sync_mode"]?.string ?? "append"
        guard let mode = DestinationMode(rawValue: word) else {
            throw wrong("the stream \(stream.descriptor) has the destination_sync_mode '\(word)'")
        }
        let keys = try (item["primary_key"]?.array ?? []).map { (path) throws(ConnectorError) in
            try topLevel(path, "primary_key", stream.descriptor)
        }
        let cursor = item["cursor_field"] ?? []
        return Stream(
            discovered: stream, isIncremental: item["sync_mode"] == "incremental", destinationMode: mode,
            cursorField: cursor.array?.isEmpty == false ? try topLevel(cursor, "cursor_field", stream.descriptor) : nil,
            primaryKey: keys.isEmpty ? stream.primaryKey : keys, generation: whole(item["generation_id"]) ?? 0,
            // Older platforms say nothing of generations: overwriting then means what it says.
            minimumGeneration: whole(item["minimum_generation_id"])
                ?? (mode == .overwrite ? whole(item["generation_id"]) ?? 0 : 0),
            syncID: whole(item["sync_id"]) ?? 0, objectName: item["destination_object_name"]?.string)
    }

    /// Some platforms write counts with a decimal point.
    private static func whole(_ json: JSON?) -> Int? { json?.int ?? json?.double.flatMap { Int(exactly: $0) } }

    private static func topLevel(_ path: JSON, _ field: String, _ stream: StreamDescriptor) throws(ConnectorError) -> String {
        guard let name = path.array?.count == 1 ? path[0]?.string : nil else {
            throw wrong("\(field) of the stream \(stream) leads into a document; only columns can be that")
        }
        return name
    }

    private static func wrong(_ what: String) -> ConnectorError {
        ConnectorError(.configuration, "the catalog cannot be used: \(what)", hint: "it must be a ConfiguredAirbyteCatalog")
    }
}
