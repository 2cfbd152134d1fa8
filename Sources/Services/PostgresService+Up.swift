import Foundation
import Postgres

extension PostgresService {
    /// Starts the service unless it runs, and brings it to what is configured: port, user, password, database, init scripts.
    ///
    /// A second call at the same time, also from another process, waits for the first and then finds everything done. If the
    /// task is cancelled or anything fails, a server that this call started is stopped again; it stays, with its old data,
    /// where only a script failed that had run before and runs again because something has changed.
    /// - Throws: ``ServicesError``, `PostgresError`, or `CancellationError`.
    @discardableResult
    package func up(progress: @escaping @Sendable (ServiceEvent) -> Void = { _ in }) async throws -> ServiceState {
        try requireUsable()
        let state = try await bringUp(progress)
        if let failure = state.scriptFailure { throw failure }
        return state
    }

    /// The work of `up`, without the checks that go before it.
    ///
    /// - Returns: also a service whose data is from before because a script failed that had run.
    func bringUp(_ progress: @escaping @Sendable (ServiceEvent) -> Void) async throws -> ServiceState {
        let begin = ContinuousClock.now
        let report: @Sendable (ServiceEvent.Step) -> Void = { progress(ServiceEvent(service: name, step: $0)) }
        let folder = try folder()
        try folder.create(project: project, name: name)
        return try await FolderLock.holding(folder.lock) {
            report(.waitingForLock)
        } _: {
            try await bringUp(folder, since: begin, report)
        }
    }

    private func bringUp(
        _ folder: ServiceFolder, since begin: ContinuousClock.Instant, _ report: @escaping @Sendable (ServiceEvent.Step) -> Void
    ) async throws -> ServiceState {
        let cluster = Cluster(folder: folder, binaries: try await binaries(for: folder))
        var isNew = false
        if !folder.hasData {
            try removeEmptyData(folder)
            if let closed = folder.closed {
                report(.dataElsewhere(folder.path, user: folder.identity.name, closed: closed))
            }
            report(.initialising(version: cluster.binaries.version))
            FileSystem.remove(folder.record)
            try await cluster.initialise()
            isNew = true
        }
        let wasRunning = try await ensureRunning(cluster, report)
        do {
            let processID = try await ensureDatabase(cluster, isNew: isNew, report)
            let scripts = try await runScripts(folder, report)
            try Task.checkCancellation()
            if scripts.failure == nil { report(.ready) }
            return ServiceState(
                name: name, port: port, processID: processID, version: cluster.binaries.version, dataDirectory: folder.data,
                logFile: folder.log, wasRunning: wasRunning, scriptsRun: scripts.run, scriptFailure: scripts.failure,
                duration: ContinuousClock.now - begin)
        } catch {
            if !wasRunning { try? await ServerProcess.find(data: folder.data)?.stop() }
            throw error
        }
    }

    /// The installation to use: for existing data the one of its major version.
    private func binaries(for folder: ServiceFolder) async throws -> ServerBinaries {
        let major = Cluster.major(of: folder)
        let found = try await ServerBinaries.find(major: major)
        guard let major else { return found[0] }
        if let fitting = found.first(where: { $0.major == major }) { return fitting }
        let installed = found.map(\.version).joined(separator: ", ")
        throw ServicesError(
            .versionMismatch,
            "the data of service '\(name)' was written by PostgreSQL \(major), but installed is \(installed)",
            hint: "install PostgreSQL \(major), or begin anew with \(found[0].major): leat down, then delete \(folder.path)")
    }

    private func removeEmptyData(_ folder: ServiceFolder) throws(ServicesError) {
        try requireNothingElse(in: folder)
        rmdir(folder.data)
    }
}
