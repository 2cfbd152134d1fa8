import Connectors
import Diagnostics
import Records

extension Planner {
    /// Looks at both sides and decides what becomes of each stream. Writes nothing.
    func plan(
        _ source: any SourceSession, _ destination: any DestinationSession, options: SyncOptions = SyncOptions()
    ) throws -> ConnectionPlan {
        let isComplete = definition.schemaPolicy == .propagateFully
        let catalog = try source.discover(only: isComplete ? nil : wanted)
        let recorded = try destination.recordedSchemas(connection: definition.name)
        let (configured, changes) = isComplete ? followed(catalog, recorded) : (definition.streams, [])
        var streams = try chosen(
            try plan(configured, catalog, recorded: recorded) { isComplete ? catalog : try? source.discover(only: nil) },
            options)
        try checkOnto(streams, source, destination)
        let columns = try destination.mapColumns(
            of: streams.map { plan in
                var stream = plan.stream
                stream.fields = plan.fields
                return stream
            })
        for index in streams.indices { streams[index].columns = columns[index] }
        try checkMappings(streams, source)
        try applyChanges(to: &streams, options: options)
        for index in streams.indices where isComplete && streams[index].recorded == nil && !recorded.isEmpty {
            streams[index].changes = [.streamAdded(streams[index].stream.descriptor)]
        }
        return ConnectionPlan(streams: streams, changes: changes)
    }

    /// The streams of the connection and all others that the source has; without those that it has no longer.
    private func followed(
        _ catalog: Catalog, _ recorded: [StreamDescriptor: StreamSchema]
    ) -> (streams: [ConfiguredStream], changes: [SchemaChange]) {
        var changes: [SchemaChange] = []
        var streams: [ConfiguredStream] = []
        for configured in definition.streams {
            let found = catalog.streams.contains { Self.isMeant($0, by: configured) }
            let known = recorded.keys.first {
                $0.name == configured.name && (configured.namespace ?? $0.namespace) == $0.namespace
            }
            // A stream that never was there is a mistake in the settings.
            if !found, let known {
                changes.append(.streamRemoved(known))
            } else {
                streams.append(configured)
            }
        }
        // A table without columns, which nobody has asked for by name, is no reason to stop.
        for stream in catalog.streams where stream.isReadable && !stream.fields.isEmpty {
            guard !definition.streams.contains(where: { Self.isMeant(stream, by: $0) }) else { continue }
            streams.append(ConfiguredStream(name: stream.descriptor.name, namespace: stream.descriptor.namespace))
        }
        return (streams, changes)
    }

    private static func isMeant(_ stream: DiscoveredStream, by configured: ConfiguredStream) -> Bool {
        stream.descriptor.name == configured.name
            && (configured.namespace == nil || configured.namespace == stream.descriptor.namespace)
    }

    private func chosen(_ plans: [StreamPlan], _ options: SyncOptions) throws(IngestError) -> [StreamPlan] {
        for name in options.streams where !plans.contains(where: { $0.stream.descriptor.answers(to: name) }) {
            let names = plans.map(\.label)
            throw IngestError(
                .stream, "connection '\(definition.name)' has no stream '\(name)'",
                hint: Suggestion.hint(for: name, in: names) ?? "it has \(names.joined(separator: ", "))")
        }
        guard !options.streams.isEmpty else { return plans }
        return plans.filter { plan in options.streams.contains { plan.stream.descriptor.answers(to: $0) } }
    }

    private func checkOnto(
        _ streams: [StreamPlan], _ source: any SourceSession, _ destination: any DestinationSession
    ) throws {
        let identity = try source.databaseIdentity
        guard try identity != nil && destination.databaseIdentity == identity else { return }
        for stream in streams {
            guard stream.table.schema == stream.stream.descriptor.namespace, stream.table.name == stream.label else { continue }
            throw IngestError(
                .definition, "the stream '\(stream.stream.descriptor)' would be written onto itself",
                hint: "give the connection a prefix or another namespace")
        }
    }

    /// Tries what is done on the way, so that a wrong key or comparison is known before anything moves.
    private func checkMappings(_ streams: [StreamPlan], _ source: any SourceSession) throws(ConnectorError) {
        for stream in streams { _ = try StreamReading(source, stream.readRequest) }
    }
}
