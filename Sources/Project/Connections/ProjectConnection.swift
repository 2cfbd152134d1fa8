package import Ingest

/// One connection of a project.
package struct ProjectConnection: Sendable {
    package let definition: ConnectionDefinition

    /// - Throws: `ProjectError` where there is no connection of that name, or its settings cannot be.
    package init(_ name: String, of project: LeatProject) throws {
        definition = try project.definition(of: try project.connection(name))
    }

    /// What a sync would do. Writes nothing.
    package func preview() async throws -> SyncPreview { try await Sync(definition).preview() }

    /// Takes all rows out of the tables, and forgets how far they were loaded.
    package func clear(_ options: SyncOptions) async throws -> [ClearedStream] {
        try await Sync(definition, options: options).clear()
    }

    /// Compares what is in the source with what is in the destination.
    package func verify(_ options: VerifyOptions) async throws -> Verification {
        try await Sync(definition).verify(options)
    }
}
