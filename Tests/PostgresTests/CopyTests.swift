import Postgres
import TestSupport
import Testing

@Suite("COPY")
struct CopyTests {
    struct Stop: Error {}

    @Test("carries data out and in again, as text and binary", arguments: ["(format text)", "(format csv)", "(format binary)"])
    func roundTrip(_ format: String) async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute(
                """
                create table a as select i, 'é\t"' || i as t, nullif(i % 7, 0) as n, now() as at from generate_series(1, 20000) i;
                create table b (like a)
                """)
            let other = try await database.connect()
            let rows = try await connection.copyOut("copy a to stdout \(format)") { chunks in
                try await other.copyIn("copy b from stdin \(format)", from: chunks)
            }
            #expect(rows == 20000)
            let differences = try await connection.query(
                "select count(*) from (table a except table b union all table b except table a) d")
            #expect(differences.scalar?.int == 0)
        }
    }

    @Test("hands over whole rows, and the server waits for who does not read")
    func backPressure() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let watcher = try await database.connect()
            try await connection.copyOut("copy (select repeat('x', 1000) from generate_series(1, 100000)) to stdout") { chunks in
                var count = 0
                for try await chunk in chunks {
                    #expect(chunk.last == UInt8(ascii: "\n"))
                    #expect(chunk.count < 80 << 10)
                    count += 1
                    if count == 3 {
                        try await Task.sleep(for: .milliseconds(200))
                        let waiting = try await watcher.query(
                            "select wait_event from pg_stat_activity where pid = $1", [.int(connection.serverProcessID)])
                        #expect(waiting.scalar?.string == "ClientWrite")
                        break
                    }
                }
            }
            // The rest was cancelled.
            #expect(try await connection.query("select 1").scalar?.int == 1)
        }
    }

    @Test("asks for input only as the server takes it")
    func inputBackPressure() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let blocker = try await database.connect()
            try await connection.execute("create table t (x text)")
            try await blocker.execute("begin; lock table t in access exclusive mode")
            let asked = Counter()
            let chunk = Array(String(repeating: String(repeating: "y", count: 999) + "\n", count: 100).utf8)
            let task = Task {
                try await connection.copyIn("copy t from stdin") { sink in
                    for _ in 0..<200 {
                        await asked.increment()
                        try await sink.write(chunk)
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            // The server waits for the lock before it takes anything.
            #expect(await asked.value < 200)
            try await blocker.execute("commit")
            #expect(try await task.value == 20000)
        }
    }

    @Test("undoes a COPY in that fails, and leaves the connection usable")
    func failedInput() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.execute("create table t (i int)")
            await #expect(throws: Stop.self) {
                try await connection.copyIn("copy t from stdin") { sink in
                    try await sink.write("1\n2\n")
                    try await sink.flush()
                    throw Stop()
                }
            }
            let bad = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("copy t from stdin") { sink in
                    for i in 0..<200_000 { try await sink.write(i == 5 ? "five\n" : "\(i)\n") }
                }
            }
            #expect(bad?.sqlState == .invalidTextRepresentation)
            #expect(bad?.context?.contains("line 6") == true)
            #expect(try await connection.query("select count(*) from t").scalar?.int == 0)
        }
    }

    @Test("cancelling the task ends a COPY in both directions")
    func cancelled() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let out = Task {
                try await connection.copyOut("copy (select pg_sleep(0.01) from generate_series(1, 100000)) to stdout") { chunks in
                    for try await _ in chunks {}
                }
            }
            try await Task.sleep(for: .milliseconds(100))
            out.cancel()
            await #expect(throws: CancellationError.self) { try await out.value }

            try await connection.execute("create table t (i int)")
            let blocker = try await database.connect()
            try await blocker.execute("begin; lock table t in access exclusive mode")
            let `in` = Task {
                try await connection.copyIn("copy t from stdin") { sink in while true { try await sink.write("1\n") } }
            }
            try await Task.sleep(for: .milliseconds(100))
            `in`.cancel()
            await #expect(throws: CancellationError.self) { try await `in`.value }
            #expect(try await connection.query("select 1").scalar?.int == 1)
        }
    }

    @Test("refuses other statements while a COPY is open, and statements that are none")
    func misuse() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            try await connection.copyOut("copy (select generate_series(1, 10)) to stdout") { chunks in
                let busy = await #expect(throws: PostgresError.self) { _ = try await connection.query("select 1") }
                #expect(busy?.kind == .busy)
                var text = ""
                for try await chunk in chunks { text += String(decoding: chunk, as: UTF8.self) }
                #expect(text.split(separator: "\n").count == 10)
            }
            let none = await #expect(throws: PostgresError.self) { _ = try await connection.copyOut("select 1") { _ in } }
            #expect(none?.kind == .invalidInput)
            await #expect(throws: PostgresError.self) { try await connection.copyIn("select 1") { _ in } }
            await #expect(throws: PostgresError.self) { try await connection.copyIn("copy nowhere from stdin") { _ in } }
            #expect(try await connection.query("select 1").scalar?.int == 1)
        }
    }

    @Test("an error at the end of a COPY out is thrown")
    func lateError() async throws {
        try await withTestDatabase { database in
            let connection = try await database.connect()
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyOut("copy (select 1 / (50000 - i) from generate_series(1, 60000) i) to stdout") {
                    chunks in
                    for try await _ in chunks {}
                }
            }
            #expect(error?.message == "division by zero")
            #expect(try await connection.query("select 1").scalar?.int == 1)
        }
    }
}

private actor Counter {
    private(set) var value = 0
    func increment() { value += 1 }
}
