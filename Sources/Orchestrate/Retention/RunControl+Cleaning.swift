import Dispatch

extension RunControl {
    /// Removes old runs, with their tasks, attempts and logs, and logs that no run has any more.
    ///
    /// What a pipeline needs to go on stays: runs under way, and the last one that its schedule has brought about, from which the
    /// next one follows.
    /// - Parameters:
    ///   - logDirectory: where the logs of all runs are.
    ///   - isDryRun: whether nothing is removed.
    package func clean(_ request: CleanRequest, logDirectory: String, isDryRun: Bool = false) async throws -> CleanResult {
        let old = try await store.oldRuns(request)
        let logs = LogFolders(directory: logDirectory)
        if isDryRun {
            let bytes = await Self.blocking { logs.size(of: old) }
            return CleanResult(runs: old, logBytes: bytes)
        }
        let removed = try await store.remove(old, by: author)
        let kept = try await store.runNames()
        // The record goes first: what is left over when the process dies in between is found by the next clean-up.
        let bytes = await Self.blocking {
            logs.remove(removed) + (request.pipeline == nil ? logs.removeStrays(except: kept, before: request.finishedBefore) : 0)
        }
        return CleanResult(runs: removed, logBytes: bytes)
    }

    /// Removes one run, with its tasks, attempts and logs.
    /// - Returns: false where it is under way, or not there.
    package func remove(_ run: RunID, logDirectory: String) async throws -> Bool {
        guard try await store.remove([run], by: author) == [run] else { return false }
        let logs = LogFolders(directory: logDirectory)
        _ = await Self.blocking { logs.remove([run]) }
        return true
    }

    private static func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }
}
