import Foundation

/// The cluster in a service's folder: making it, starting its server, stopping it.
struct Cluster: Sendable {
    /// The role that made the cluster. It has no password, so it can come only over the private socket.
    static let administrator = "postgres"

    let folder: ServiceFolder
    let binaries: ServerBinaries

    /// The major version that wrote the data; nil if there is none.
    static func major(of folder: ServiceFolder) -> Int? {
        FileSystem.read(folder.data + "/PG_VERSION").flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines).prefix { $0.isNumber })
        }
    }

    /// Makes the cluster beside its place and then moves it there, so that what stands there is always whole.
    func initialise() async throws {
        // What an earlier attempt left that was killed.
        for name in FileSystem.names(in: folder.path) where name.hasPrefix("data.new-") {
            FileSystem.remove("\(folder.path)/\(name)")
        }
        let temporary = "\(folder.path)/data.new-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        do {
            let outcome = try await initdb(temporary)
            guard outcome.hasSucceeded else {
                throw ServicesError(
                    .initFailed, "initdb of PostgreSQL \(binaries.version) failed in \(folder.path)", details: outcome.lastLines()
                )
            }
            try FileSystem.write(ServerConfiguration.access, to: temporary + "/pg_hba.conf", mode: 0o600, owner: folder.identity)
            let settings = (FileSystem.read(temporary + "/postgresql.conf") ?? "") + "\ninclude_if_exists 'leat.conf'\n"
            try FileSystem.write(settings, to: temporary + "/postgresql.conf", mode: 0o600, owner: folder.identity)
            guard rename(temporary, folder.data) == 0 else {
                throw FileSystem.failure("cannot move the new cluster to \(folder.data)")
            }
        } catch {
            FileSystem.remove(temporary)
            throw error
        }
    }

    private func initdb(_ path: String) async throws -> Command.Outcome {
        #if os(macOS)
            // macOS has no C.UTF-8.
            let locale = ["--locale=C", "--lc-ctype=en_US.UTF-8"]
        #else
            let locale = ["--locale=C.UTF-8"]
        #endif
        return try await Command(
            binaries.path("initdb"),
            ["-D", path, "--username=\(Self.administrator)", "--encoding=UTF8"] + locale
                // Its files are synced by the server's checkpoints, as all others.
                + ["--no-sync", "--no-instructions", "--auth-local=trust", "--auth-host=scram-sha-256"],
            as: folder.identity
        ).run()
    }

    /// Starts the server, which then lives on without us, and waits until it accepts connections.
    ///
    /// If the task is cancelled meanwhile, the server is ended again before this throws.
    /// - Returns: false if somebody else's start got ahead of this one.
    /// - Throws: ``ServicesError`` with the last lines of the server's log, or `CancellationError`.
    func start() async throws -> Bool {
        rotateLog()
        await removeRemains()
        for attempt in 1... {
            let logStart = FileSystem.size(of: folder.log)
            let outcome = try await startOnce()
            if outcome.hasSucceeded { return true }
            let lines = logLines(from: logStart)
            if lines.contains(where: { $0.contains("lock file \"postmaster.pid\" already exists") }) { return false }
            if attempt <= 5, lines.contains(where: { $0.contains("is still in use") }) {
                // The server was killed, and its children are at work still.
                try await Task.sleep(for: .milliseconds(200 * attempt))
                continue
            }
            throw ServicesError(
                .startFailed, "PostgreSQL \(binaries.version) did not start in \(folder.path)",
                hint: "the whole log is \(folder.log)", details: lines.isEmpty ? outcome.lastLines() : lines.suffix(12).map { $0 }
            )
        }
        return false
    }

    /// Clears away what a killed server left, now that none runs: its children first, which could still write, and then the
    /// lock files, which may name a process number that another program has meanwhile, or one that has ended but not vanished.
    private func removeRemains() async {
        for signal in [SIGQUIT, SIGKILL] {
            for _ in 0..<200 {
                let orphans = ServerProcess.orphans(data: folder.data)
                if orphans.isEmpty { break }
                for processID in orphans { kill(processID, signal) }
                await ServerProcess.pause(.milliseconds(10))
            }
        }
        if ServerProcess.hasForeignLock(data: folder.data) { FileSystem.remove(folder.data + "/postmaster.pid") }
        for name in FileSystem.names(in: folder.socket) where name.hasPrefix(".s.PGSQL.") {
            FileSystem.remove("\(folder.socket)/\(name)")
        }
    }

    private func startOnce() async throws -> Command.Outcome {
        let command = Command(
            binaries.path("pg_ctl"), ["start", "-D", folder.data, "-l", folder.log, "-w", "-t", "120", "-s"], as: folder.identity)
        // Not a child of this task: if it were killed between starting the server and the server's first sign of life, a server
        // would stay behind that nobody knows of. It ends by itself as soon as the server is there, or has gone again.
        let starting = Task { try await command.run() }
        return try await withTaskCancellationHandler {
            let outcome = try await starting.value
            do {
                try Task.checkCancellation()
            } catch {
                try? await ServerProcess.find(data: folder.data)?.stop(immediately: true)
                throw error
            }
            return outcome
        } onCancel: {
            // A server that is busy with recovery would let pg_ctl wait: end it, and pg_ctl ends too.
            Task { try? await ServerProcess.find(data: folder.data)?.stop(immediately: true) }
        }
    }

    /// Keeps one old log once it has grown over 10 MB.
    private func rotateLog() {
        if FileSystem.size(of: folder.log) > 10 << 20 { rename(folder.log, folder.log + ".1") }
    }

    /// What the server wrote since the log had `start` bytes.
    private func logLines(from start: Int) -> [String] {
        guard let file = FileHandle(forReadingAtPath: folder.log) else { return [] }
        defer { try? file.close() }
        try? file.seek(toOffset: UInt64(start))
        let data = (try? file.read(upToCount: 1 << 20)) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
