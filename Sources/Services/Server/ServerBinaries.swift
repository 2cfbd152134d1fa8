import Foundation

/// An installation of the PostgreSQL server.
struct ServerBinaries: Sendable, Hashable {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    let folder: String
    /// 15 for 15.4.
    let major: Int
    /// `15.4`.
    let version: String

    func path(_ program: String) -> String { folder + "/" + program }

    /// Where server programs are usually found, the likeliest first: `LEAT_POSTGRES_BIN`, PATH, what `pg_config` says, and
    /// the folders of the packagers with the newest version first.
    static func folders(environment: [String: String] = ProcessInfo.processInfo.environment) async -> [String] {
        if let own = environment["LEAT_POSTGRES_BIN"], !own.isEmpty { return [own] }
        var candidates: [String] = []
        let searched = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for folder in searched {
            for program in ["pg_ctl", "postgres", "initdb"] where FileSystem.exists("\(folder)/\(program)") {
                // PATH often has links to some of the programs only.
                candidates.append((FileSystem.canonical("\(folder)/\(program)") as NSString).deletingLastPathComponent)
            }
        }
        if let tool = searched.map({ $0 + "/pg_config" }).first(where: FileSystem.exists),
            let outcome = try? await Command(tool, ["--bindir"], as: .current).run(), outcome.hasSucceeded
        {
            candidates.append(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        candidates += installed("/usr/lib/postgresql", "bin") + installed("/usr", "bin", prefix: "pgsql-")
        candidates += installed("/opt/homebrew/opt", "bin", prefix: "postgresql")
        candidates += installed("/usr/local/opt", "bin", prefix: "postgresql")
        candidates += installed("/Applications/Postgres.app/Contents/Versions", "bin")
        candidates += ["/usr/local/pgsql/bin", "/usr/libexec/postgresql"]
        var seen: Set<String> = []
        return candidates.filter { seen.insert($0).inserted && isComplete($0) }
    }

    /// The installation for a cluster of version `major`, or the first one found.
    static func find(major: Int? = nil) async throws -> [ServerBinaries] {
        var found: [ServerBinaries] = []
        for folder in await folders() {
            guard let binaries = try await inspect(folder) else { continue }
            found.append(binaries)
            if major == nil || binaries.major == major { break }
        }
        guard !found.isEmpty else { throw notInstalled }
        return found
    }

    /// Asks the server program for its version; nil if it does not run.
    private static func inspect(_ folder: String) async throws -> ServerBinaries? {
        let outcome: Command.Outcome
        do {
            outcome = try await Command(folder + "/postgres", ["--version"], as: .unprivileged()).run()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return nil
        }
        // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
        guard outcome.hasSucceeded,
            let version = outcome.output.split(separator: ") ").dropFirst().first?.split(separator: " ").first,
            let major = Int(version.prefix { $0.isNumber })
        else { return nil }
        return ServerBinaries(
            folder: folder, major: major, version: version.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static func isComplete(_ folder: String) -> Bool {
        ["initdb", "pg_ctl", "postgres"].allSatisfy { FileSystem.exists("\(folder)/\($0)") }
    }

    /// `root`/NAME/`suffix` for all names that begin with `prefix`, the highest version first.
    private static func installed(_ root: String, _ suffix: String, prefix: String = "") -> [String] {
        FileSystem.names(in: root).filter { $0.hasPrefix(prefix) }
            .sorted { $0.compare($1, options: .numeric) == .orderedDescending }
            .map { "\(root)/\($0)/\(suffix)" }
    }

    static var notInstalled: ServicesError {
        #if os(macOS)
            let hint = "brew install postgresql@17"
        #else
            let hint =
                FileSystem.exists("/usr/bin/apt-get")
                ? "sudo apt-get install postgresql" : "install your system's PostgreSQL server package"
        #endif
        return ServicesError(
            .notInstalled, "the PostgreSQL server is not installed on this machine",
            hint: hint + " (or name the folder of initdb and postgres in LEAT_POSTGRES_BIN)")
    }
}
