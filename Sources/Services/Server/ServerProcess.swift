import Foundation

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The running server of a cluster, found by the file `postmaster.pid` that it keeps in its data folder.
struct ServerProcess: Sendable {
    let processID: pid_t
    /// 0 while the server has not written it yet.
    let port: Int
    let data: String
    /// What the server says of itself: `starting`, `ready`, `stopping`, `standby`; empty before it says anything.
    let phase: String

    init(processID: pid_t, port: Int, data: String, phase: String = "") {
        self.processID = processID
        self.port = port
        self.data = data
        self.phase = phase
    }

    /// The server that runs over `data`; nil if none does, whatever an earlier one left behind.
    static func find(data: String) -> ServerProcess? {
        guard let entry = read(data: data), isServer(entry.processID, of: data) else { return nil }
        return entry
    }

    /// Whether `postmaster.pid` names a process that lives but is not this server: after a reboot a number may come back, and
    /// PostgreSQL would refuse to start because of it.
    static func hasForeignLock(data: String) -> Bool {
        guard let entry = read(data: data) else { return false }
        return isAlive(entry.processID) && !isServer(entry.processID, of: data)
    }

    /// Whether the process is gone, with its sockets and its shared memory. It loses its command line a moment before.
    private var hasEnded: Bool {
        guard Self.isAlive(processID) else { return true }
        #if os(Linux)
            // 4711 (postgres) Z ...: ended, but its parent has not asked how.
            let state = FileSystem.read("/proc/\(processID)/stat")?.split(separator: ") ").dropFirst().first?.first
            return state == nil || state == "Z" || state == "X"
        #else
            return false
        #endif
    }

    /// Ends the server: first by rolling back what clients are doing, and if that takes over 20 seconds, at once.
    ///
    /// Must run to its end also in a cancelled task, so it does not look at that.
    /// - Throws: ``ServicesError`` if the server is still there after half a minute.
    func stop(immediately: Bool = false) async throws(ServicesError) {
        for (signal, patience) in immediately ? [(SIGQUIT, 10)] : [(SIGINT, 20), (SIGQUIT, 10)] {
            guard kill(processID, signal) == 0 || errno == ESRCH else {
                throw FileSystem.failure("cannot stop the server (process \(processID))")
            }
            let deadline = ContinuousClock.now + .seconds(patience)
            while ContinuousClock.now < deadline {
                if hasEnded { return }
                await Self.pause(.milliseconds(10))
            }
        }
        throw ServicesError(
            .stopFailed, "the server (process \(processID)) does not end", hint: "look at its log, or: kill -9 \(processID)")
    }

    /// Sleeps also in a cancelled task, where `Task.sleep` returns at once.
    static func pause(_ duration: Duration) async {
        await Task { try? await Task.sleep(for: duration) }.value
    }

    /// Processes that work in the data folder, as a server's children do, and servers of it that no lock file names (any
    /// more, or yet); only Linux tells.
    static func orphans(data: String) -> [pid_t] {
        FileSystem.names(in: "/proc").compactMap { pid_t($0) }.filter { processID in
            let command = commandLine(processID)
            if command.first?.hasSuffix("postgres") == true, command.contains(data) { return true }
            guard let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(processID)/cwd") else {
                return false
            }
            return folder == data
        }
    }

    private static func read(data: String) -> ServerProcess? {
        let lines = (FileSystem.read(data + "/postmaster.pid") ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let processID = pid_t(first), processID > 1 else { return nil }
        return ServerProcess(
            processID: processID, port: lines.count > 3 ? Int(lines[3]) ?? 0 : 0, data: data,
            phase: lines.count > 7 ? String(lines[7].prefix { $0 != " " }) : "")
    }

    private static func isAlive(_ processID: pid_t) -> Bool { kill(processID, 0) == 0 || errno == EPERM }

    private static func isServer(_ processID: pid_t, of data: String) -> Bool {
        guard isAlive(processID) else { return false }
        #if os(Linux)
            // Empty for a process that has ended and that nobody has waited for.
            return commandLine(processID).contains(data)
        #else
            return true
        #endif
    }

    /// The program and its arguments; empty where the system does not say.
    static func commandLine(_ processID: pid_t) -> [String] {
        (FileSystem.read("/proc/\(processID)/cmdline") ?? "").split(separator: "\0").map(String.init)
    }
}
