import TestSupport
import Testing

@testable import Postgres

@Suite("Connection pool")
struct PoolTests {
    @Test("never has more connections than the limit, and uses them again")
    func limit() async throws {
        try await withTestDatabase { database in
            let pool = ConnectionPool(database.options, limit: 3) { try await $0.execute("set statement_timeout = '60s'") }
            let processes = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            try await connection.query("select pg_sleep(0.01)::text, pg_backend_pid()")[0][1].int ?? 0
                        }
                    }
                }
                var processes: Set<Int> = []
                for try await process in group { processes.insert(process) }
                return processes
            }
            #expect((1...3).contains(processes.count))
            await pool.close()
            let error = await #expect(throws: PostgresError.self) { _ = try await pool.lease() }
            #expect(error?.kind == .closed)
        }
    }

    @Test("gives back a clean connection and drops a broken one")
    func cleans() async throws {
        try await withTestDatabase { database in
            let pool = ConnectionPool(database.options, limit: 1)
            let first = try await pool.withConnection { connection in
                try await connection.execute("begin; create table t (i int)")
                return connection.serverProcessID
            }
            try await pool.withConnection { connection in
                #expect(connection.serverProcessID == first)
                let table = try await connection.query("select to_regclass('t')").scalar
                #expect(table?.isNull == true)
            }
            // Killed while it is idle in the pool.
            let other = try await database.connect()
            try await other.execute("select pg_terminate_backend(\(first), 5000)")
            try await pool.withConnection { #expect($0.serverProcessID != first) }
            // Killed while it is in use.
            await #expect(throws: PostgresError.self) {
                try await pool.withConnection { try await $0.execute("select pg_terminate_backend(pg_backend_pid())") }
            }
            #expect(try await pool.withConnection { try await $0.query("select 1").scalar?.int } == 1)
            await pool.close()
        }
    }

    @Test("a cancelled wait leaves the queue")
    func cancelledWait() async throws {
        try await withTestDatabase { database in
            let pool = ConnectionPool(database.options, limit: 1)
            let held = try await pool.lease()
            let waiting = Task { _ = try await pool.lease() }
            try await Task.sleep(for: .milliseconds(20))
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            await pool.giveBack(held)
            #expect(try await pool.withConnection { try await $0.query("select 1").scalar?.int } == 1)
            await pool.close()
        }
    }

    @Test("a connection that cannot be made gives its place to the next")
    func failedConnect() async throws {
        var options = try await TestCluster.shared.options()
        options.database = "nowhere"
        let pool = ConnectionPool(options, limit: 1)
        for _ in 0..<3 {
            let error = await #expect(throws: PostgresError.self) { _ = try await pool.lease() }
            #expect(error?.sqlState == .invalidCatalogName)
        }
    }
}

@Suite("Pool state")
struct PoolStateTests {
    private func describe(_ action: PoolState<String>.LeaseAction) -> String {
        switch action {
        case .grant(.connect): "connect"
        case .grant(.reuse(let item)): "reuse \(item)"
        case .wait: "wait"
        case .refuse: "refuse"
        }
    }

    private func describe(_ action: PoolState<String>.ReturnAction) -> String {
        switch action {
        case .none: "none"
        case .wake(let id, .connect): "wake \(id) to connect"
        case .wake(let id, .reuse(let item)): "wake \(id) with \(item)"
        case .close(let item): "close \(item)"
        }
    }

    @Test("serves in the order of asking")
    func fair() {
        var state = PoolState<String>(limit: 1)
        #expect(describe(state.lease(1)) == "connect")
        #expect(describe(state.lease(2)) == "wait")
        #expect(describe(state.lease(3)) == "wait")
        #expect(describe(state.lease(4)) == "wait")
        let cancelled = [state.cancel(3), state.cancel(3)]
        #expect(cancelled == [true, false])
        #expect(describe(state.giveBack("a")) == "wake 2 with a")
        // A newcomer does not overtake.
        #expect(describe(state.lease(5)) == "wait")
        #expect(describe(state.giveBack(nil)) == "wake 4 to connect")
        #expect(describe(state.giveBack("b")) == "wake 5 with b")
        #expect(describe(state.giveBack("b")) == "none")
        #expect(describe(state.lease(6)) == "reuse b")
    }

    @Test("takes the connection that was used last, and refuses after closing")
    func closing() {
        var state = PoolState<String>(limit: 2)
        _ = state.lease(1)
        _ = state.lease(2)
        _ = state.giveBack("a")
        _ = state.giveBack("b")
        #expect(describe(state.lease(3)) == "reuse b")
        #expect(state.close().idle == ["a"])
        #expect(describe(state.lease(4)) == "refuse")
        #expect(describe(state.giveBack("b")) == "close b")
        #expect(state.leased == 0)
    }
}
