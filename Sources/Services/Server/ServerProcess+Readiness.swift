extension ServerProcess {
    /// Waits for a start that an earlier `leat` began and did not live to see: `pg_ctl` goes on without it, and its server
    /// may not have written its lock file yet.
    ///
    /// - Returns: the server that is there then.
    static func findSettled(data: String) async throws -> ServerProcess? {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            if let server = find(data: data) { return server }
            guard isBeingStarted(data: data), ContinuousClock.now < deadline else { return find(data: data) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits until the server accepts connections. One that is on its way out is seen off.
    ///
    /// - Parameters:
    ///   - log: for the message.
    ///   - onWait: called once if it is not ready yet.
    /// - Returns: false if it has ended.
    /// - Throws: ``ServicesError`` after `patience`, or `CancellationError`.
    func becomesReady(patience: Duration = .seconds(120), log: String, onWait: () -> Void) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        var hasTold = false
        while true {
            guard let server = Self.find(data: data), server.processID == processID else { return false }
            switch server.phase {
            case "ready", "standby": return true
            case "stopping":
                try await server.stop()
                return false
            default: break
            }
            if !hasTold { onWait() }
            hasTold = true
            guard ContinuousClock.now < deadline else {
                throw ServicesError(
                    .startFailed,
                    "the server (process \(processID)) has not become ready within \(patience.components.seconds) s",
                    hint: "look at its log: \(log)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Whether a `pg_ctl` is at work on the data folder; only Linux tells.
    private static func isBeingStarted(data: String) -> Bool {
        FileSystem.names(in: "/proc").contains { name in
            guard let processID = Int32(name) else { return false }
            let command = commandLine(processID)
            return command.contains(data) && command.contains { $0.hasSuffix("/pg_ctl") }
        }
    }
}
