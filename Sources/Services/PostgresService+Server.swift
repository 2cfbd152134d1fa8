extension PostgresService {
    /// Sees to it that the server runs with the settings of leat.yml and accepts connections.
    ///
    /// - Returns: whether it ran already, with these settings.
    func ensureRunning(_ cluster: Cluster, _ report: (ServiceEvent.Step) -> Void) async throws -> Bool {
        let folder = cluster.folder
        let configuration = ServerConfiguration(
            port: port, socketFolder: folder.socket, major: cluster.binaries.major, settings: settings
        ).text
        let file = folder.data + "/leat.conf"
        // Each round ends with a server that runs, or finds that another one came or went meanwhile.
        for _ in 0..<10 {
            if let running = try await ServerProcess.findSettled(data: folder.data) {
                if FileSystem.read(file) == configuration {
                    if try await running.becomesReady(log: folder.log, onWait: { report(.waitingForServer) }) { return true }
                    continue
                }
                report(.restarting)
                try requireFreePort(folder)
                try await running.stop()
            } else {
                report(.starting)
                try requireFreePort(folder)
            }
            try FileSystem.write(configuration, to: file, mode: 0o600, owner: folder.identity)
            if try await cluster.start() { return false }
        }
        throw ServicesError(
            .startFailed, "the service '\(name)' is started by somebody else again and again",
            hint: "look at its log: \(folder.log)")
    }

    /// - Throws: ``ServicesError`` if a program listens on the port that is not this service's own.
    func requireFreePort(_ folder: ServiceFolder) throws(ServicesError) {
        if let running = ServerProcess.find(data: folder.data), running.port == port { return }
        guard let owner = PortOwner.find(port: port) else { return }
        if owner.dataDirectory == folder.data { return }
        // What is left of a server that was killed.
        if let processID = owner.processID, ServerProcess.orphans(data: folder.data).contains(processID) { return }
        throw ServicesError(
            .portTaken, "port \(port) of service '\(name)' is taken by \(owner.description)",
            hint: "stop that, or choose another port: \(portSetting)")
    }
}
