import Postgres
import TestSupport
import Testing

@Suite("Cancellation and time limits")
struct CancellationTests {
    @Test("stops the query on the server, at once, and leaves the connection usable")
    func query() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let watcher = try await database.connect()
            for _ in 0..<5 {
                let task = Task { try await connection.query("select pg_sleep(3600)") }
                try await Task.sleep(for: .milliseconds(50))
                let begin = ContinuousClock.now
                task.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                #expect(ContinuousClock.now - begin < .seconds(300))
                #expect(try await connection.query("select 1").scalar?.int == 1)
            }
            let busy = try await watcher.query(
                """
                select count(*) from pg_stat_activity
                where state = 'active' and datname = current_database() and pid <> pg_backend_pid()
                """
            )
            #expect(busy.scalar?.int == 0)
        }
    }

    @Test("never runs what was cancelled before, and never hits the statement after")
    func races() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            for delay in 0..<60 {
                let task = Task { try await connection.query("select pg_sleep(0.003)") }
                try await Task.sleep(for: .microseconds(delay * 100))
                task.cancel()
                _ = await task.result
                #expect(try await connection.query("select 1").scalar?.int == 1)
            }
        }
    }

    @Test("the cancel handle ends a statement with SQLSTATE 57014")
    func handle() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let query = Task { try await connection.query("select pg_sleep(3600)") }
            let watcher = try await database.connect()
            // A request that comes before the statement would be lost.
            while try await watcher.query(
                "select 1 from pg_stat_activity where wait_event = 'PgSleep' and pid = $1", [.int(connection.serverProcessID)]
            ).isEmpty {
                try await Task.sleep(for: .milliseconds(10))
            }
            connection.cancelHandle.cancelInBackground()
            let error = await #expect(throws: PostgresError.self) { _ = try await query.value }
            #expect(error?.sqlState == .queryCanceled)
            #expect(error?.isCancellation == true)
        }
    }

    @Test("gives up connecting to a server that does not answer")
    func connectTimeout() async throws {
        let silent = SilentServer()
        let options = ConnectionOptions(
            host: "127.0.0.1", port: silent.port, database: "x", user: "x", password: "x", connectTimeout: .milliseconds(300))
        let begin = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) { _ = try await Connection.connect(options) }
        #expect(error?.kind == .connectTimeout)
        #expect(error?.isRetryable == true)
        #expect(ContinuousClock.now - begin < .seconds(300))
    }

    @Test("a cancelled connect returns at once")
    func cancelledConnect() async throws {
        let silent = SilentServer()
        let options = ConnectionOptions(
            host: "127.0.0.1", port: silent.port, database: "x", user: "x", password: "x", connectTimeout: .seconds(3600))
        let task = Task { _ = try await Connection.connect(options) }
        try await Task.sleep(for: .milliseconds(50))
        let begin = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - begin < .seconds(300))
    }

    @Test("ends a transaction that is cancelled in the middle")
    func transaction() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("create table t (i int)")
            let task = Task {
                try await connection.withTransaction { connection in
                    try await connection.execute("insert into t values (1)")
                    try await connection.execute("select pg_sleep(3600)")
                }
            }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(await connection.transactionStatus == .idle)
            #expect(try await connection.query("select count(*) from t").scalar?.int == 0)
        }
    }
}
