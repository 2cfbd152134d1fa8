import Connectors
import Diagnostics
import Ingest
import Orchestrate
import Records

extension LeatProject {
    /// The connection that an entry describes, as the engine takes it.
    /// - Throws: `ProjectError` with the entry's place.
    func definition(of entry: ConnectionEntry) throws -> ConnectionDefinition {
        let source = try source(entry.source)
        let destination = try destination(entry.destination)
        try check(source, destination)
        do {
            var definition = ConnectionDefinition(
                name: entry.name,
                source: ConnectorDefinition(name: source.name, connector: source.connector, config: source.config),
                destination: ConnectorDefinition(
                    name: destination.name, connector: destination.connector, config: destination.config),
                namespaceDefinition: try NamespaceDefinition(
                    name: entry.namespaceDefinition, format: entry.namespaceFormat),
                prefix: entry.prefix, streams: try entry.streams.map(Self.configured))
            definition.schemaPolicy = try SchemaPolicy(name: entry.schemaChanges)
            definition.backfillsColumns = entry.backfillsColumns
            definition.parallelStreams = entry.parallelStreams
            definition.partSize = entry.partSize
            definition.verification = entry.verification
            definition.retries = try RetryRule(name: entry.retries)
            return definition
        } catch let error as IngestError {
            throw ProjectError(.badValue, error.message, location: entry.location, hint: error.hint)
        }
    }

    /// Whether the connectors exist and take their configs. Connects to nothing.
    private func check(_ source: ConnectorEntry, _ destination: ConnectorEntry) throws {
        let registry = ConnectorRegistry.builtIn
        try source.located { () throws(ConnectorError) in
            _ = try registry.source(named: source.name, connector: source.connector, config: source.config)
        }
        try destination.located { () throws(ConnectorError) in
            _ = try registry.destination(
                named: destination.name, connector: destination.connector, config: destination.config)
        }
    }

    private static func configured(_ stream: ConnectionEntry.Stream) throws -> ConfiguredStream {
        guard let mode = SyncMode(rawValue: stream.syncMode) else {
            throw ProjectError(
                .badValue, "the stream '\(stream.name)' has the sync mode '\(stream.syncMode)', which there is not",
                location: stream.location, hint: SyncMode.hint(for: stream.syncMode))
        }
        return ConfiguredStream(
            name: stream.name, namespace: stream.namespace, syncMode: mode, cursorField: stream.cursorField,
            primaryKey: stream.primaryKey.isEmpty ? nil : stream.primaryKey, lookBack: try lookBack(stream),
            selectedFields: stream.selectedFields, mappings: stream.mappings)
    }

    /// A number goes with cursors that are numbers, a duration with those that are times.
    private static func lookBack(_ stream: ConnectionEntry.Stream) throws -> LookBack? {
        guard let text = stream.lookBack else { return nil }
        if let count = Int(text), count >= 0 { return .units(count) }
        do {
            return .seconds(Int(try Duration(parsing: text).components.seconds))
        } catch {
            throw ProjectError(
                .badValue, "the look_back '\(text)' of the stream '\(stream.name)' is neither a duration nor a number",
                location: stream.location, hint: "for instance 15m or 1d for times, 1000 for numbers")
        }
    }
}
