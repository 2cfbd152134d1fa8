import Connectors
import Records

extension Planner {
    /// Looks at both sides and decides what becomes of each stream. Writes nothing.
    func plan(_ source: any SourceSession, _ destination: any DestinationSession) throws -> [StreamPlan] {
        let catalog = try source.discover(only: wanted)
        var streams = try plan(catalog) { try? source.discover(only: nil) }
        let identity = try source.databaseIdentity
        let isSameDatabase = try identity != nil && destination.databaseIdentity == identity
        for stream in streams where isSameDatabase {
            guard stream.table.schema == stream.stream.descriptor.namespace, stream.table.name == stream.label else { continue }
            throw IngestError(
                .definition, "the stream '\(stream.stream.descriptor)' would be written onto itself",
                hint: "give the connection a prefix or another namespace")
        }
        let columns = try destination.mapColumns(of: streams.map(\.stream))
        for index in streams.indices { streams[index].columns = columns[index] }
        return streams
    }
}
