import Connectors
import Diagnostics
import Records

/// Finds the streams of a connection in what the source offers, and where they go.
struct Planner: Sendable {
    let definition: ConnectionDefinition
    let destination: any Destination
    private var defaultNamespace: String { destination.defaultNamespace }

    /// What to ask the source about.
    var wanted: [StreamDescriptor] {
        definition.streams.map { StreamDescriptor(namespace: $0.namespace, name: $0.name) }
    }

    /// Checks what needs no look at any system.
    func validate() throws(IngestError) {
        guard !definition.streams.isEmpty || definition.schemaPolicy == .propagateFully else {
            throw IngestError(.definition, "connection '\(definition.name)' has no streams")
        }
        // Other sources may have a cursor of their own.
        guard definition.source.connector.needsCursorField else { return }
        for stream in definition.streams where stream.syncMode.isIncremental && stream.cursorField == nil {
            throw Self.cursorMissing(stream)
        }
    }

    private static func cursorMissing(_ stream: ConfiguredStream) -> IngestError {
        IngestError(
            .field, "stream '\(stream.name)' has the sync mode \(stream.syncMode.rawValue), which needs a cursor_field",
            hint: "a column that grows with every change, for instance updated_at")
    }

    /// - Parameters:
    ///   - streams: what to move.
    ///   - catalog: the streams that the source found.
    ///   - recorded: what the last sync found.
    ///   - others: asked for all streams of the source, when one was not found.
    func plan(
        _ streams: [ConfiguredStream], _ catalog: Catalog, recorded: [StreamDescriptor: StreamSchema] = [:],
        others: () -> Catalog?
    ) throws(IngestError) -> [StreamPlan] {
        var plans: [StreamPlan] = []
        for (index, configured) in streams.enumerated() {
            let stream = try find(configured, in: catalog, others: others)
            guard !plans.contains(where: { $0.stream.descriptor == stream.descriptor }) else {
                throw IngestError(
                    .stream, "the stream '\(stream.descriptor)' stands twice in the connection",
                    hint: "a connection moves a stream once; make a second connection to move it elsewhere")
            }
            let known = recorded[stream.descriptor]
            let fields = try fields(configured, stream)
            let schema = definition.namespaceDefinition.schema(
                source: stream.descriptor.namespace, default: defaultNamespace)
            let table = destination.place(
                of: TableName(
                    schema: schema.fittedName, name: (definition.prefix + stream.descriptor.name).fittedName))
            plans.append(
                StreamPlan(
                    index: index, configured: configured, stream: stream, table: table, columns: [],
                    primaryKey: try key(configured, stream, fields, known),
                    cursorField: try cursor(configured, stream, fields, known), fields: fields,
                    filter: try filter(configured, stream), recorded: known))
        }
        try checkTables(plans)
        return plans
    }

    private func find(
        _ configured: ConfiguredStream, in catalog: Catalog, others: () -> Catalog?
    ) throws(IngestError) -> DiscoveredStream {
        let wanted = StreamDescriptor(namespace: configured.namespace, name: configured.name)
        let found =
            configured.namespace == nil ? catalog.streams(named: configured.name) : [catalog[wanted]].compactMap(\.self)
        guard let stream = found.first else { throw notFound(wanted, in: others()) }
        guard found.count == 1 else {
            let places = found.map(\.descriptor.description).joined(separator: " and ")
            throw IngestError(
                .stream, "source '\(definition.source.name)' has several streams '\(wanted)': \(places)",
                hint: "say which with namespace: \(stream.descriptor.namespace ?? "...")")
        }
        guard stream.isReadable else {
            let name = stream.descriptor
            throw IngestError(
                .stream, "source '\(definition.source.name)' may not read '\(name)'",
                hint: "grant usage on schema \(name.namespace ?? "...") and select on \(name) to its user")
        }
        guard !stream.fields.isEmpty else {
            throw IngestError(.stream, "the stream '\(stream.descriptor)' has no columns")
        }
        return stream
    }

    private func notFound(_ wanted: StreamDescriptor, in catalog: Catalog?) -> IngestError {
        let all = catalog?.streams.map(\.descriptor) ?? []
        let near = Suggestion.hint(
            for: wanted.description, in: all.map { wanted.namespace == nil ? $0.name : $0.description })
        let list = all.prefix(10).map(\.description).joined(separator: ", ") + (all.count > 10 ? ", ..." : "")
        return IngestError(
            .stream, "source '\(definition.source.name)' has no stream '\(wanted)'",
            hint: near ?? (all.isEmpty ? "it has none at all; look at the schemas in its config" : "it has \(list)"))
    }

    /// The key by the names of the destination.
    private func key(
        _ configured: ConfiguredStream, _ stream: DiscoveredStream, _ fields: [Field], _ recorded: StreamSchema?
    ) throws(IngestError) -> [String] {
        guard configured.syncMode.isDeduplicated else { return [] }
        let key = configured.primaryKey ?? stream.primaryKey
        guard !key.isEmpty else {
            let other: SyncMode = configured.syncMode.isIncremental ? .incrementalAppend : .fullRefreshOverwrite
            var error = IngestError(
                .field, "the sync mode \(configured.syncMode.rawValue) needs a primary key, and '\(stream.descriptor)' has none",
                hint: "name the columns with primary_key, or use \(other.rawValue)")
            if let lost = recorded?.primaryKey, !lost.isEmpty {
                error.kind = .breakingChange
                error.message =
                    "the source has removed the primary key (\(lost.joined(separator: ", "))) of '\(stream.descriptor)'"
            }
            throw error
        }
        var names: [String] = []
        for name in key {
            if stream.field(named: name) == nil { throw lost(name, "primary_key", stream, recorded) }
            let field = try moved(name, fields, stream, as: "primary_key")
            if field.encryption?.isRepeatable == false {
                throw IngestError(
                    .field,
                    "the primary_key '\(name)' of '\(stream.descriptor)' is encrypted with RSA, whose texts are never the same",
                    hint: "hash it, or encrypt it with AES: then equal keys remain equal")
            }
            names.append(field.name)
        }
        return names
    }

    private func cursor(
        _ configured: ConfiguredStream, _ stream: DiscoveredStream, _ fields: [Field], _ recorded: StreamSchema?
    ) throws(IngestError) -> Field? {
        // Where rows are deduplicated, the cursor says which of them is the latest.
        let mode = configured.syncMode
        guard mode.isIncremental || mode.isDeduplicated else { return nil }
        if mode.isIncremental, !stream.supportsIncremental {
            throw IngestError(
                .field, "the stream '\(stream.descriptor)' cannot be read incrementally",
                hint: "use \(SyncMode.fullRefreshOverwrite.rawValue)")
        }
        guard let name = configured.cursorField else {
            if let proposed = stream.defaultCursorField { return fields.first { $0.column == proposed } }
            if mode.isIncremental, !stream.hasOwnCursor { throw Self.cursorMissing(configured) }
            return nil
        }
        if stream.field(named: name) == nil { throw lost(name, "cursor_field", stream, recorded) }
        let field = try moved(name, fields, stream, as: "cursor_field")
        try check(cursor: field, configured, stream)
        return field
    }

    private func check(
        cursor field: Field, _ configured: ConfiguredStream, _ stream: DiscoveredStream
    ) throws(IngestError) {
        let name = field.column
        if field.isObscured {
            throw IngestError(
                .field,
                "the cursor_field '\(name)' of '\(stream.descriptor)' is \(field.hash == nil ? "encrypted" : "hashed"), so it does not grow"
            )
        }
        guard ![.object, .array, .boolean, .binaryData].contains(field.type) else {
            throw IngestError(
                .field, "the cursor_field '\(name)' of '\(stream.descriptor)' is \(field.typeName), which does not grow",
                hint: "use a number, a date, a timestamp or a text that grows with every change")
        }
        if case .asText(_, let reason) = field.nativeType?.portability {
            throw IngestError(
                .field, "the cursor_field '\(name)' of '\(stream.descriptor)' is \(field.typeName), \(reason)",
                hint: "its values have another order in the destination; use a number, a date, a timestamp or a text")
        }
        let isTime = [.date, .timestampWithTimeZone, .timestampWithoutTimeZone].contains(field.type)
        let isNumber = field.type == .integer || field.type == .number
        switch configured.lookBack {
        case .seconds where !isTime, .units where !isNumber:
            throw IngestError(
                .field, "the look_back of '\(stream.descriptor)' does not fit its cursor '\(name)', which is \(field.typeName)",
                hint: "a duration such as 15m for timestamps and dates, a number for numbers; other types have none")
        default: return
        }
    }

    private func checkTables(_ plans: [StreamPlan]) throws(IngestError) {
        var taken: [TableName: StreamPlan] = [:]
        for plan in plans {
            guard let other = taken.updateValue(plan, forKey: plan.table) else { continue }
            throw IngestError(
                .definition,
                "the streams '\(other.stream.descriptor)' and '\(plan.stream.descriptor)' both go to the table \(plan.table)",
                hint: "use namespace_definition: source, or a namespace_format with ${SOURCE_NAMESPACE}")
        }
    }
}
