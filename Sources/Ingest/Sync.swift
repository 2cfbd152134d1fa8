package import Connectors
import Diagnostics
import Records

/// Runs a connection once.
///
/// ```swift
/// let result = try await Sync(connection).run { progress in print(progress) }
/// ```
/// The source is read at one instant, whatever changes meanwhile. Each stream becomes visible in one step, together with
/// the state that says so; a sync that fails, is cancelled or is killed leaves what was there before.
package struct Sync: Sendable {
    let definition: ConnectionDefinition
    let options: SyncOptions
    let registry: ConnectorRegistry

    package init(
        _ definition: ConnectionDefinition, options: SyncOptions = SyncOptions(), registry: ConnectorRegistry = .builtIn
    ) {
        self.definition = definition
        self.options = options
        self.registry = registry
    }

    var parallelStreams: Int { options.parallelStreams ?? definition.parallelStreams }

    /// Checks the definition and the configurations without connecting to anything.
    /// - Throws: ``IngestError`` or ``ConnectorError``.
    package func validate() throws { _ = try prepared() }

    /// Moves all streams, in as many attempts as the connection's ``RetryRule`` gives it, and compares both sides where the
    /// connection asks for that.
    ///
    /// - Parameters:
    ///   - progress: called from the threads of the streams, about ten times a second for each, and whenever a stream
    ///     begins, commits or ends.
    ///   - sleep: waits before the next attempt.
    /// - Throws: `CancellationError` within a second after the task was cancelled; ``ConnectorError`` or ``IngestError``
    ///   otherwise. If several streams failed, the error lists them; those that succeeded stay.
    package func run(
        progress: @escaping @Sendable (SyncProgress) -> Void = { _ in },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws -> SyncResult {
        var attempts = SyncAttempts(self, sleep: sleep)
        var result = try await attempts.run(progress)
        guard var verification = definition.verification else { return result }
        progress(SyncProgress(stream: nil, phase: .comparing, message: "comparing source and destination"))
        verification.streams = options.streams
        let found = try await verify(verification)
        result.verification = found
        guard !found.isEqual else { return result }
        throw IngestError(
            .differs, "what the sync of connection '\(definition.name)' has left is not what the source has",
            hint:
                "the rows stay as they are; leat verify \(definition.name) shows which differ. What the source changes meanwhile counts in full refreshes",
            details: found.streams.filter { !$0.isEqual }.map(\.sentence))
    }

    /// Moves all streams once.
    func attempt(
        _ control: SyncControl, _ report: @escaping @Sendable (SyncProgress) -> Void
    ) async throws -> SyncRun.Outcome {
        let (source, destination, planner) = try prepared()
        let run = SyncRun(
            sync: self, source: source, destination: destination, planner: planner, control: control, report: report)
        do {
            return try await withTaskCancellationHandler {
                try await run.all()
            } onCancel: {
                control.cancel()
            }
        } catch {
            if control.isCancelled { throw CancellationError() }
            throw error
        }
    }

    func prepared() throws -> (any Source, any Destination, Planner) {
        let source = try registry.source(
            named: definition.source.name, connector: definition.source.connector, config: definition.source.config)
        let destination = try registry.destination(
            named: definition.destination.name, connector: definition.destination.connector,
            config: definition.destination.config)
        let planner = Planner(definition: definition, destination: destination)
        try planner.validate()
        return (source, destination, planner)
    }
}
