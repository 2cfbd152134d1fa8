import Connectors
import Diagnostics
import Ingest
import Postgres
import Records
import TestSupport
import Testing

/// A sync was to be killed and came to its end.
private struct NotKilled: Error {}

@Suite("Sync: failures")
struct FailureTests {
    /// A source whose view fails once it has sent many rows.
    private static let failing = """
        create table base as select i as id, repeat('x', 200) as filler from generate_series(1, 20000) i;
        create view t as select id, filler, 1 / (id - case when (select count(*) from base) > 20000 then 19000 else 0 end) as q from base
        """

    @Test("a sync that fails in the middle leaves the old table and nothing else, and the next one is right")
    func failsInTheMiddle() async throws {
        try await withSync(Self.failing) { fixture in
            let first = try await fixture.refresh("t")
            try await fixture.source.execute("insert into base values (20001, 'y')")
            let error = await #expect(throws: ConnectorError.self) { try await fixture.refresh("t") }
            #expect(error?.message == "reading public.t: division by zero")
            #expect(try await fixture.count("landing.t") == 20_000)
            #expect(try await fixture.leftovers().isEmpty)
            try await fixture.source.execute("delete from base where id = 19000")
            try await fixture.source.execute("insert into base values (20002, 'y')")
            let second = try await fixture.refresh("t")
            #expect(second.generation == first.generation + 1)
            #expect(try await fixture.count("landing.t where _airbyte_generation_id = \(second.generation)") == 20_001)
        }
    }

    @Test("each refresh is a generation, and state says what the table has")
    func generations() async throws {
        try await withSync("create table t as select 1 as id") { fixture in
            for generation in 1...3 {
                #expect(try await fixture.refresh("t").generation == generation)
                #expect(try await fixture.text("select min(_airbyte_generation_id) from landing.t") == "\(generation)")
            }
            let state = try await fixture.text(
                "select format('%s %s %s.%s %s %s', connection, name, table_schema, table_name, generation_id, sync_id) from leat_internal.stream_states"
            )
            #expect(state == "Test t landing.t 3 3")
        }
    }

    @Test(
        "a server process that is ended in the middle fails the sync, leaves the old table, and the next one is right",
        arguments: ["source", "warehouse"])
    func terminatedBackend(side: String) async throws {
        try await withSync(
            "create table t as select i as id, repeat('x', 300) as filler from generate_series(1, 100000) i"
        ) { fixture in
            try await fixture.sync(ConfiguredStream(name: "t"))
            try await fixture.source.execute("delete from t where id > 90000")
            let victim = side == "source" ? fixture.source : fixture.warehouse
            let database = side == "source" ? fixture.sourceDatabase.name : fixture.warehouseDatabase.name
            let killed = Recorder<Int>()
            await #expect(throws: (any Error).self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !Task.isCancelled {
                            let count = try await victim.execute(
                                """
                                select count(pg_terminate_backend(pid)) from pg_stat_activity
                                where datname = '\(database)' and application_name like 'leat sync%' and query ilike '%copy %' and state = 'active'
                                """
                            ).scalar?.int
                            if let count, count > 0 { return killed.add(count) }
                        }
                    }
                    group.addTask {
                        try await fixture.sync(ConfiguredStream(name: "t"))
                        throw NotKilled()
                    }
                    try await group.waitForAll()
                }
            }
            #expect(killed.all.count == 1)
            #expect(try await fixture.count("landing.t") == 100_000)
            #expect(try await fixture.leftovers().isEmpty)
            #expect(try await fixture.refresh("t").rowsCommitted == 90_000)
            #expect(try await fixture.count("landing.t") == 90_000)
        }
    }

    @Test("of two syncs of a connection at once the second waits, and says for whom")
    func twoAtOnce() async throws {
        try await withSync(
            "create table t as select i as id, repeat('x', 300) as filler from generate_series(1, 100000) i"
        ) { fixture in
            let progress = Recorder<SyncProgress>()
            let patient = SyncOptions(lockWait: .seconds(60))
            async let first = fixture.sync(ConfiguredStream(name: "t"), options: patient) { progress.add($0) }
            async let second = fixture.sync(ConfiguredStream(name: "t"), options: patient) { progress.add($0) }
            let results = try await [first, second]
            #expect(Set(results.map { $0.streams[0].generation }) == [1, 2])
            #expect(try await fixture.count("landing.t") == 100_000)
            let waits = progress.all.filter { $0.phase == .waiting }
            #expect(waits.count == 1)
            #expect(waits.first?.message?.contains("leat sync Test") == true)
        }
    }

    @Test("a sync that cannot wait any longer says who is in the way")
    func busy() async throws {
        try await withSync(
            "create table t as select 1 as id, pg_sleep(0)::text as x; create view slow as select id, pg_sleep(3600)::text as x from t"
        ) {
            fixture in
            let started = Recorder<SyncProgress>()
            let running = Task {
                try await fixture.sync(ConfiguredStream(name: "slow")) { if $0.phase == .copying { started.add($0) } }
            }
            while started.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            let error = await #expect(throws: ConnectorError.self) {
                try await fixture.sync(ConfiguredStream(name: "t"), options: SyncOptions(lockWait: .milliseconds(200)))
            }
            #expect(error?.kind == .busy)
            #expect(error?.message == "another sync of connection 'Test' is running")
            #expect(error?.description.contains("held by server process") == true)
            running.cancel()
            _ = try? await running.value
        }
    }

    @Test(
        "cancelling the task ends the statements of both servers and leaves the old table",
        arguments: ["slow", "t"])
    func cancel(stream: String) async throws {
        try await withSync(
            """
            create table t as select i as id, repeat('x', 300) as filler from generate_series(1, 300000) i;
            create view slow as select id, pg_sleep(0.01)::text as x from t
            """
        ) { fixture in
            // Cancelled by the sync's own news, for a test that looks on may come too late.
            let running = Recorder<Task<Void, any Error>>()
            let (gate, opening) = AsyncStream.makeStream(of: Void.self)
            running.add(
                Task {
                    for await _ in gate { break }
                    _ = try await fixture.sync(ConfiguredStream(name: stream)) { news in
                        if news.phase == .copying { running.all.first?.cancel() }
                    }
                })
            opening.finish()
            await #expect(throws: CancellationError.self) { try await running.all.first?.value }
            for connection in [fixture.source, fixture.warehouse] {
                let left =
                    "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'leat sync%'"
                for _ in 0..<3000 where try await connection.execute(left).scalar?.int != 0 {
                    try await Task.sleep(for: .milliseconds(20))
                }
                #expect(try await connection.execute(left).scalar?.int == 0)
            }
            #expect(try await fixture.text("select to_regclass('landing.\(stream)')::text") == nil)
            #expect(try await fixture.leftovers().isEmpty)
        }
    }

    @Test("of several streams that which fails does not take the others with it")
    func oneOfSeveral() async throws {
        try await withSync(
            """
            create table a as select 1 as id; create view bad as select 1 / (id - 1) as x from a; create table c as select 2 as id
            """
        ) { fixture in
            let streams = ["a", "bad", "c"].map { ConfiguredStream(name: $0) }
            let error = await #expect(throws: IngestError.self) { try await Sync(fixture.definition(streams)).run() }
            #expect(error?.message == "1 of 3 streams of connection 'Test' failed")
            #expect(error?.details.first == "bad: reading public.bad: division by zero")
            let arrived = try await fixture.text("select a.id || ' ' || c.id from landing.a, landing.c")
            #expect(arrived == "1 2")
        }
    }

    @Test("many streams are read at the same instant, over several connections")
    func oneInstant() async throws {
        let count = 12
        let tables = (0..<count).map { "create table t\($0) (v int); insert into t\($0) values (0);" }.joined()
        try await withSync(tables) { fixture in
            let writer = Task {
                var round = 0
                while !Task.isCancelled {
                    round += 1
                    let updates = (0..<count).map { "update t\($0) set v = \(round);" }.joined()
                    try await fixture.source.execute("begin; \(updates) commit")
                }
            }
            let streams = (0..<count).map { ConfiguredStream(name: "t\($0)") }
            _ = try await Sync(fixture.definition(streams), options: SyncOptions(parallelStreams: 3)).run()
            writer.cancel()
            _ = try? await writer.value
            let union = (0..<count).map { "select v from landing.t\($0)" }.joined(separator: " union all ")
            #expect(try await fixture.text("select count(distinct v) || ' ' || count(*) from (\(union)) x") == "1 \(count)")
        }
    }

    @Test("a source that sends nothing for too long is cut off, which may pass; one that is slow is not")
    func heartbeat() async throws {
        try await withSync(
            """
            create view hanging as select 1 as id from pg_sleep(3000);
            create view slow as select i as id, repeat('x', 20000) as filler, pg_sleep(0.02)::text as rest from generate_series(1, 10) i
            """
        ) { fixture in
            var hurried = SyncOptions()
            hurried.heartbeat = .milliseconds(100)
            let hanging = Sync(fixture.definition([ConfiguredStream(name: "hanging")]), options: hurried)
            let error = await #expect(throws: ConnectorError.self) { try await hanging.run() }
            #expect(error?.message == "source 'source' has sent nothing of public.hanging for 0.1 seconds", "\(error as Any)")
            #expect(error?.failureType == .transient)
            var patient = SyncOptions()
            patient.heartbeat = .seconds(600)
            let slow = try await fixture.sync(ConfiguredStream(name: "slow"), options: patient)
            #expect(slow.rowsCommitted == 10)
        }
    }

    @Test("progress comes at most ten times a second, and at the end with all rows")
    func progress() async throws {
        try await withSync(
            "create table t as select i as id, repeat('x', 300) as filler from generate_series(1, 100000) i"
        ) { fixture in
            let events = Recorder<SyncProgress>()
            let start = ContinuousClock.now
            try await fixture.sync(ConfiguredStream(name: "t")) { events.add($0) }
            let seconds = Double((ContinuousClock.now - start).components.seconds) + 1
            #expect(Double(events.all.count) <= seconds * 10 + 4)
            #expect(events.all.last?.phase == .done)
            #expect(events.all.last?.rows == 100_000)
            #expect(events.all.first?.phase == .planning)
        }
    }
}
