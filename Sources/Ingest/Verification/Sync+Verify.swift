import Connectors

extension Sync {
    /// Compares what is in the source with what is in the destination, by content.
    ///
    /// Digests are made by the two servers, side by side; rows travel only where something differs. No sync of the
    /// connection runs meanwhile. What the source has changed since the last sync is a difference, unless the sync mode is
    /// incremental: then only rows up to the last cursor are compared.
    /// - Throws: ``ConnectorError``, ``IngestError``, or `CancellationError` soon after the task was cancelled.
    package func verify(_ options: VerifyOptions = VerifyOptions()) async throws -> Verification {
        let control = SyncControl()
        do {
            return try await withTaskCancellationHandler {
                try await VerifyRun(sync: self, options: options, control: control).all()
            } onCancel: {
                control.cancel()
            }
        } catch {
            if control.isCancelled { throw CancellationError() }
            throw error
        }
    }
}
