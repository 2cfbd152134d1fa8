import Foundation
package import Postgres
import Services
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The PostgreSQL server of this test run: made when the first test asks for it, gone when the process ends.
package actor TestCluster {
    package static let shared = TestCluster()

    private var starting: Task<PostgresService, any Error>?

    /// The server's `postgres` database, for making others. The user is a superuser.
    package func options() async throws -> ConnectionOptions { try await service().connectionOptions }

    func service() async throws -> PostgresService {
        if let starting { return try await starting.value }
        let task = Task { try await Self.start() }
        starting = task
        return try await task.value
    }

    private static func start() async throws -> PostgresService {
        removeStale()
        let project = "\(prefix)\(getpid())"
        try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
        chmod(project, 0o755)
        atexit {
            TestCluster.remove("\(TestCluster.prefix)\(getpid())")
        }
        var attempt = 0
        while true {
            let service = PostgresService(
                name: "tests", project: project, port: try freePort(), database: "postgres", user: "tester",
                password: "tester's \\ password",
                // Nothing here has to survive a power failure.
                settings: ["fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "1000"])
            do {
                try await service.up()
                return service
            } catch let error as ServicesError where error.kind == .portTaken && attempt < 5 {
                attempt += 1
            }
        }
    }

    private static let givenPorts = Mutex<Set<Int>>([])

    /// A port that was free a moment ago, given out once. It lies below those that systems give to outgoing connections,
    /// which would take it before a server does.
    package static func freePort() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 15_000..<32_000)
            guard givenPorts.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
            return port
        }
        throw POSIXError(.EADDRINUSE)
    }

    private static func isFree(_ port: Int) -> Bool {
        let file = Loopback.makeSocket()
        defer { close(file) }
        return Loopback.withAddress(port) { bind(file, $0, $1) == 0 }
    }

    private static var prefix: String { "/tmp/leat-tests-\(geteuid())-" }

    /// What test runs left that were killed.
    private static func removeStale() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for path in names.map({ "/tmp/" + $0 }) where path.hasPrefix(prefix) {
            guard let owner = pid_t(path.dropFirst(prefix.count)), kill(owner, 0) != 0, errno == ESRCH else { continue }
            remove(path)
        }
    }

    /// Ends the server of a run's folder at once and deletes the folder. Plain system calls: it runs in `atexit`, where no
    /// task makes progress any more.
    private static func remove(_ project: String) {
        let lock = "\(project)/.leat/services/tests/data/postmaster.pid"
        if let text = try? String(contentsOfFile: lock, encoding: .utf8), let number = text.split(separator: "\n").first,
            let server = pid_t(number), server > 1
        {
            kill(server, SIGQUIT)
            for _ in 0..<500 where FileManager.default.fileExists(atPath: lock) && kill(server, 0) == 0 { usleep(10_000) }
        }
        try? FileManager.default.removeItem(atPath: project)
    }
}
