import Postgres
import TestSupport
import Testing

@Suite("Blocking connections")
struct BlockingConnectionTests {
    struct Stop: Error {}

    /// Runs `body` on a thread that may block.
    private func onThread(_ body: @escaping @Sendable (BlockingConnection) throws -> Void) async throws {
        try await withTestDatabase { database in
            let thread = ThreadExecutor(name: "test")
            defer { thread.stop() }
            try await thread.run {
                let connection = try BlockingConnection(database.options)
                defer { connection.close() }
                try body(connection)
            }
        }
    }

    @Test("queries, copies out and in")
    func everything() async throws {
        try await onThread { connection in
            #expect(try connection.query("select $1::int * 2", [21]).scalar?.int == 42)
            try connection.execute("create table t (i int, t text)")
            let rows = try connection.copyIn("copy t from stdin") { writer in
                for i in 0..<50_000 { try writer.write("\(i)\trow \(i)\n") }
            }
            #expect(rows == 50_000)
            var messages = 0
            var bytes = 0
            let read = try connection.copyOut("copy t to stdout") { row in
                messages += 1
                bytes += row.count
            }
            #expect(read == 50_000)
            #expect(messages == 50_000)
            #expect(bytes > 500_000)
            #expect(connection.transactionStatus == .idle)
        }
    }

    @Test("remains usable when the body of a COPY throws")
    func bodiesThatThrow() async throws {
        try await onThread { connection in
            #expect(throws: Stop.self) {
                try connection.copyOut("copy (select generate_series(1, 10000000)) to stdout") { _ in throw Stop() }
            }
            try connection.execute("create table t (i int)")
            #expect(throws: Stop.self) {
                try connection.copyIn("copy t from stdin") { writer in
                    try writer.write("1\n")
                    throw Stop()
                }
            }
            let error = #expect(throws: PostgresError.self) {
                try connection.copyIn("copy t from stdin") { writer in
                    for i in 0..<300_000 { try writer.write(i == 3 ? "x\n" : "\(i)\n") }
                }
            }
            #expect(error?.sqlState == .invalidTextRepresentation)
            #expect(try connection.execute("select count(*) from t").scalar?.int == 0)
        }
    }

    @Test("the thread runs what it is given in order and outlives stop until that is done")
    func executor() async throws {
        let thread = ThreadExecutor(name: "test")
        let order = try await thread.run { [1] }
        #expect(order == [1])
        thread.stop()
        #expect(try await thread.run { 2 } == 2)
        await #expect(throws: Stop.self) { try await thread.run { throw Stop() } }
    }

    @Test("many connections work side by side, each on its thread")
    func many() async throws {
        try await withTestDatabase { database in
            try await database.connect().execute("create table arrived (id int)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let connection = try await database.connect()
                        try await connection.execute("insert into arrived values (1)")
                        // One after the other, the first would wait for the others until the server ends it.
                        try await connection.execute("set statement_timeout = '300s'")
                        try await connection.execute(
                            """
                            do $$ begin
                                while (select count(*) from arrived) < 20 loop perform pg_sleep(0.02); end loop;
                            end $$
                            """)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a COPY in ends soon after the server has refused a row, and not for notices", arguments: [false, true])
    func earlyRefusal(_ hasNotices: Bool) async throws {
        try await onThread { connection in
            // A warning for every thousandth row; the row 5000 is refused.
            try connection.execute(
                """
                create table t (i int check (i <> 5000), t text);
                create function notice() returns trigger language plpgsql as $$ begin
                    if new.i % 1000 = 1 then raise warning 'row %', new.i; end if;
                    return new; end $$
                """)
            if hasNotices { try connection.execute("create trigger n before insert on t for each row execute function notice()") }
            let row = "\t" + String(repeating: "x", count: 1000) + "\n"
            var sent = 0
            let error = #expect(throws: PostgresError.self) {
                try connection.copyIn("copy t from stdin") { writer in
                    while sent < 2_000_000 {
                        sent += 1
                        try writer.write("\(sent)\(row)")
                    }
                }
            }
            #expect(error?.sqlState == .checkViolation && error?.context?.contains("line 5000") == true)
            // What was under way in the buffers between us and the server. An error that comes together with a notice is
            // heard at the end.
            #expect(hasNotices || sent < 60_000)
            #expect(try connection.query("select count(*) from t").scalar?.int == 0)
            let rows = try connection.copyIn("copy t from stdin") { writer in
                for i in 5001...25_000 { try writer.write("\(i)\(row)") }
            }
            #expect(rows == 20_000 && connection.transactionStatus == .idle)
            #expect(connection.takeNotices().count == (hasNotices ? 25 : 0))
        }
    }
}
