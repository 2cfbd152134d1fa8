import GRDB

/// The metadata store in one SQLite file, in WAL mode.
///
/// Opening takes milliseconds and brings the file's schema up to date. It blocks, so open the store before anything
/// concurrent begins. Several processes, and several instances in one process, may have the same file open.
///
/// Each instance that runs something holds a lock file in the directory `<path>-owners`. When its process ends, however it
/// ends, the lock is gone, and `closeOrphans()` of another instance knows that the runs it left open will not go on.
package final class SQLiteStore: MetadataStore {
    let pool: DatabasePool
    let owners: OwnerRegistry
    let path: String
    /// Tells of the ends of runs that this instance writes.
    let ends = EventHub<RunID>()

    /// Opens the store, makes it if there is none, and closes what killed processes have left open.
    /// - Throws: `OrchestrateError` with code `store.unwritable`, `store.corrupt`, `store.too_new`, `store.busy` or
    ///   `store.failed`.
    package init(path: String) throws(OrchestrateError) {
        self.path = path
        owners = OwnerRegistry(directory: path + "-owners")
        do {
            try StoreFile.prepare(path)
            pool = try StoreFile.open(path)
            try StoreFile.migrate(pool)
            try closeOrphansNow()
        } catch {
            throw StoreFile.explain(error, path: path)
        }
    }

    /// Closes the file and gives up the lock; runs of this instance that are open count as orphans from now on.
    package func close() throws(OrchestrateError) {
        do {
            try pool.close()
        } catch {
            throw StoreFile.explain(error, path: path)
        }
        owners.release()
    }

    deinit { owners.release() }

    /// Runs `body` in a transaction, to its end whatever becomes of the calling task, and without blocking its thread.
    func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(OrchestrateError) -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            pool.asyncWrite(body) { _, result in continuation.resume(returning: result) }
        }
        do {
            return try result.get()
        } catch {
            throw StoreFile.explain(error, path: path)
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw StoreFile.explain(error, path: path)
        }
    }
}
