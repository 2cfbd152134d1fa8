import Documents
import Foundation
import GRDB
import Testing

@testable import Orchestrate

struct MigrationTests {
    private let place = SQLiteStoreTests.Place()

    /// A store as the version of that number has left it.
    private func make(version: Int) throws {
        try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
        // The tables of the text are in no order that references would like.
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: place.path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.execute(sql: OldStores.versions[version - 1]) }
        try queue.close()
    }

    /// Tables and indexes, with their columns.
    private func shape(of pool: DatabasePool) throws -> [String: [String]] {
        try pool.read { db in
            var shape: [String: [String]] = [:]
            let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            for name in try String.fetchAll(db, sql: tables) {
                shape[name] = try db.columns(in: name).map { "\($0.name) \($0.type) \($0.isNotNull) \($0.primaryKeyIndex)" }
            }
            let indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            for row in try Row.fetchAll(db, sql: indexes) { shape["index " + row["name"]] = [row["sql"]] }
            return shape
        }
    }

    @Test("every released version has a store here to begin from")
    func complete() {
        #expect(StoreSchema.migrator.migrations.count == OldStores.versions.count)
    }

    @Test("brings a store of an earlier version to the shape of a new one", arguments: 1...OldStores.versions.count)
    func shapes(version: Int) throws {
        try make(version: version)
        let store = try SQLiteStore(path: place.path)
        let fresh = try SQLiteStore(path: place.directory + "/new.db")
        #expect(try shape(of: store.pool) == shape(of: fresh.pool))
        try store.close()
        try fresh.close()
    }

    @Test("keeps what an earlier version has recorded, and goes on with it", arguments: 1...OldStores.versions.count)
    func keeps(version: Int) async throws {
        try make(version: version)
        let store = try SQLiteStore(path: place.path)
        let done = RunID(pipeline: "nightly", name: "done")
        let run = try #require(try await store.run(done))
        #expect(run.state == .failed && run.kind == .scheduled && run.note == "a note" && run.parameters == ["day": "x"])
        #expect(run.dataInterval?.start == Timestamp(microseconds: 1_700_000_000_000_000))
        #expect(!run.isManaged && run.backfill == nil)
        let tasks = try await store.tasks(of: done)
        #expect(tasks.map(\.result.state) == [.success, .failed])
        #expect(tasks[0].result.output == ["rows": 10] && tasks[0].result.attempts == 2 && tasks[0].result.uncountedAttempts == 0)
        #expect(tasks[1].group == "g" && tasks[1].result.failure?.code == "task.exit_code")
        #expect(try await store.attempts(of: done).map(\.logPath) == ["logs/1", "logs/2"])
        // The process of the open run is dead.
        #expect(try await store.run(RunID(pipeline: "nightly", name: "open"))?.state == .failed)
        #expect(try await store.isPaused("nightly") == true)
        #expect(try await store.value(of: "key", in: "scope") == ["a": 1])
        if version > 1 {
            let waiting = try #require(try await store.waitingRuns().first)
            #expect(waiting.id.name == "waiting")
            #expect(waiting.backfill == RunRequest.Backfill(name: "backfill__1", maxActiveRuns: 2))
            #expect(try await store.audit(limit: 5).map(\.action) == ["pause"])
        }
        if version > 2 {
            let keys = SecretKeySource(environment: ["LEAT_SECRET_KEY": OldStores.key], ownFile: "none")
            let values = StoredValues(try await store.sealedValues(), keys: keys)
            #expect(try values.variable("region")?.value == "eu")
            #expect(try values.secret("token") == "very-secret")
            #expect(
                try values.connection("warehouse")
                    == ExternalConnection(
                        id: "warehouse", type: "postgres", host: "db.example", schema: "marts", login: "me",
                        password: "hush-hush",
                        port: 5432, extra: ["sslmode": "require"]))
        }
        if version > 3 {
            let orders = DataReference(.connection, "Orders")
            #expect(try await store.dataEvents(of: done).map(\.reference) == [orders])
            let taken = try await store.takeData(for: "after", .updated(orders), at: .now)
            guard case .run = taken else { throw CancellationError() }
        }
        if version > 4 { #expect(try await store.waitingRuns().first?.groupRetries == ["g": 2]) }
        // What has failed can run again, and a new run can begin.
        #expect(try await store.apply(.clear(["g.report"]), to: done, by: Author("me")))
        #expect(try await store.waitingRuns().contains { $0.id == done })
        let result = try await PipelineRunner(store: store, executor: FakeExecutor()).run(
            PipelineDefinition(id: "nightly", tasks: [TaskDefinition(id: "a")], maxActiveRuns: 9))
        #expect(result.state == .success)
        try store.close()
    }
}
