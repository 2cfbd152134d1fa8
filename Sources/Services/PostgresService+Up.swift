import Foundation
import Postgres

extension PostgresService {
    /// Starts the service unless it runs, and brings it to what is configured: port, user, password, database, init scripts.
    ///
    /// A second call at the same time, also from another process, waits for the first and then finds everything done. If the
    /// task is cancelled or anything fails, a server that this call started is stopped again.
    /// - Throws: ``ServicesError``, `PostgresError`, or `CancellationError`.
    @discardableResult
    package func up(progress: @escaping @Sendable (ServiceEvent) -> Void = { _ in }) async throws -> ServiceState {
        let begin = ContinuousClock.now
        let report: @Sendable (ServiceEvent.Step) -> Void = { progress(ServiceEvent(service: name, step: $0)) }
        try validate()
        try requireScripts()
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
            report(.initialising(version: cluster.binaries.version))
            try await prepareForData(folder)
            FileSystem.remove(folder.record)
            try await cluster.initialise()
            isNew = true
        }
        let wasRunning = try await ensureRunning(cluster, report)
        do {
            let processID = try await ensureDatabase(cluster, isNew: isNew, report)
            let scriptsRun = try await runScripts(folder, report)
            try Task.checkCancellation()
            report(.ready)
            return ServiceState(
                name: name, port: port, processID: processID, version: cluster.binaries.version, dataDirectory: folder.data,
                logFile: folder.log, wasRunning: wasRunning, scriptsRun: scriptsRun, duration: ContinuousClock.now - begin)
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

    /// A `data` without a cluster in it is what somebody else put there: it is not overwritten.
    private func prepareForData(_ folder: ServiceFolder) async throws {
        guard FileSystem.exists(folder.data) else { return }
        guard rmdir(folder.data) == 0 else {
            throw ServicesError(
                .folder, "\(folder.data) exists but holds no PostgreSQL cluster", hint: "look what it is, and move or delete it")
        }
    }

    /// - Returns: whether the server ran already, with these settings.
    private func ensureRunning(_ cluster: Cluster, _ report: (ServiceEvent.Step) -> Void) async throws -> Bool {
        let folder = cluster.folder
        let configuration = ServerConfiguration(
            port: port, socketFolder: folder.socket, major: cluster.binaries.major, settings: settings
        ).text
        let file = folder.data + "/leat.conf"
        if let running = ServerProcess.find(data: folder.data) {
            if FileSystem.read(file) == configuration { return true }
            report(.restarting)
            try await requireFreePort(folder, unless: running)
            try await running.stop()
        } else {
            report(.starting)
            try await requireFreePort(folder, unless: nil)
        }
        try FileSystem.write(configuration, to: file, mode: 0o600, owner: folder.identity)
        try await cluster.start()
        return false
    }

    private func requireFreePort(_ folder: ServiceFolder, unless running: ServerProcess?) async throws {
        if let running, running.port == port { return }
        guard let owner = PortOwner.find(port: port) else { return }
        if let processID = owner.processID, owner.dataDirectory == folder.data {
            // A server of this very service whose folder was deleted under it.
            try await ServerProcess(processID: processID, port: port, data: folder.data).stop(immediately: true)
            return
        }
        throw ServicesError(
            .portTaken, "port \(port) of service '\(name)' is taken by \(owner.description)",
            hint: "stop that, or choose another port: \(portSetting)")
    }

    private func requireScripts() throws(ServicesError) {
        for script in initScripts where !FileSystem.exists(InitScript.path(script, in: project)) {
            throw ServicesError(
                .scriptMissing, "the init script \(script) of service '\(name)' does not exist in \(project)",
                hint: "make it, or take it out of services.\(name).postgres.init in leat.yml")
        }
    }
}
