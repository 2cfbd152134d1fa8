import Diagnostics
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Services

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Services after accidents")
struct RecoveryTests {
    @Test("keeps committed data when the server is killed, and starts again at once")
    func killedServer() async throws {
        try await withProject { project in
            let service = try project.service()
            let state = try await service.up()
            let connection = try await Connection.connect(service.connectionOptions)
            try await connection.execute("create table t as select 7 as seven")
            // A child that is busy keeps the shared memory of the killed server.
            let busy = try await Connection.connect(service.connectionOptions)
            let query = Task { try await busy.query("select count(*) from generate_series(1, 300000000)") }
            try await Task.sleep(for: .milliseconds(100))
            kill(pid_t(state.processID), SIGKILL)
            for _ in 0..<500 where try await service.status().state != .stopped { try await Task.sleep(for: .milliseconds(10)) }
            #expect(try await service.status().state == .stopped)

            let again = try await service.up()
            #expect(!again.wasRunning)
            _ = await query.result
            let reader = try await Connection.connect(service.connectionOptions)
            #expect(try await reader.query("select seven from t").scalar?.int == 7)
            await reader.close()
        }
    }

    @Test("is not misled by the lock of an earlier boot, whose process number now belongs to another program")
    func foreignLock() async throws {
        try await withProject { project in
            let service = try project.service()
            try await service.up()
            try await service.down()
            let data = try service.folder().data
            let lock = "\(getpid())\n\(data)\n1700000000\n\(service.port)\n/tmp\nlocalhost\n 1234567 99\nready   \n"
            try lock.write(toFile: data + "/postmaster.pid", atomically: false, encoding: .utf8)
            let owner = try #require(ProcessIdentity.owner(of: data))
            chown(data + "/postmaster.pid", owner.userID, owner.groupID)
            #expect(try await service.status().state == .stopped)
            #expect(try await service.down() == false)
            try await service.up()
            #expect(try await service.status().state == .running)
        }
    }

    @Test("begins anew when an earlier attempt was killed while it made the cluster")
    func halfInitialised() async throws {
        try await withProject { project in
            let service = try project.service()
            let folder = try service.folder()
            try folder.create(project: project.path, name: service.name)
            try FileManager.default.createDirectory(atPath: folder.path + "/data.new-1-2/base", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder.data, withIntermediateDirectories: true)
            #expect(try await service.status().state == .absent)
            try await service.up()
            #expect(try await service.status().state == .running)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/data.new-1-2"))
        }
    }

    #if os(Linux)
        @Test("ends the server whose folder was deleted under it, and begins anew")
        func deletedFolder() async throws {
            try await withProject { project in
                let service = try project.service()
                let first = try await service.up()
                try FileManager.default.removeItem(atPath: project.path + "/.leat")
                #expect(try await service.status().state == .absent)
                let second = try await service.up()
                #expect(second.processID != first.processID)
                #expect(PortOwner.find(port: service.port)?.processID == pid_t(second.processID))
            }
        }
    #endif

    @Test("does not touch a data folder that holds something else")
    func strangeData() async throws {
        try await withProject { project in
            let service = try project.service()
            try service.folder().create(project: project.path, name: service.name)
            let data = try service.folder().data
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let owner = try ProcessIdentity.unprivileged()
            chown(data, owner.userID, owner.groupID)
            try "mine".write(toFile: data + "/notes.txt", atomically: true, encoding: .utf8)
            let error = await #expect(throws: ServicesError.self) { try await service.up() }
            #expect(error?.kind == .folder)
            #expect(FileManager.default.fileExists(atPath: data + "/notes.txt"))
        }
    }

    @Test("two calls at the same time make one cluster")
    func concurrentUp() async throws {
        try await withProject { project in
            let service = try project.service()
            async let first = service.up()
            async let second = service.up()
            let states = try await [first, second]
            #expect(Set(states.map(\.processID)).count == 1)
            #expect(states.map(\.wasRunning).sorted { !$0 && $1 } == [false, true])
        }
    }

    @Test("leaves no server behind when it is cancelled, wherever it is", arguments: [30, 300, 700, 1200])
    func cancelled(_ milliseconds: Int) async throws {
        try await withProject { project in
            try project.write("slow.sql", "select pg_sleep(60);")
            let service = try project.service(init: ["slow.sql"])
            let task = Task { try await service.up() }
            try await Task.sleep(for: .milliseconds(milliseconds))
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            #expect(ServerProcess.find(data: try service.folder().data) == nil)
            #expect(PortOwner.find(port: service.port) == nil)
            try project.write("slow.sql", "select 1;")
            try await service.up()
        }
    }

    @Test("stops what it began when a script fails, but leaves a server alone that ran before")
    func failingScript() async throws {
        try await withProject { project in
            try project.write("init.sql", "create table t (i int);\nselect broken;")
            let service = try project.service(init: ["init.sql"])
            let error = await #expect(throws: ServicesError.self) { try await service.up() }
            #expect(error?.location?.description == "init.sql:2:8")
            #expect(try await service.status().state == .stopped)

            try project.write("init.sql", "create table t (i int);")
            #expect(try await service.up().scriptsRun == ["init.sql"])
            try project.write("init.sql", "create table t (i int);")
            #expect(try await service.up().scriptsRun == [], "the same text again")
            try project.write("init.sql", "create table t (j int);")
            let again = await #expect(throws: ServicesError.self) { try await service.up() }
            #expect(again?.hint?.contains("create table if not exists") == true)
            #expect(again?.hint?.contains("truncate") == true)
            #expect(try await service.status().state == .running)
        }
    }

    @Test("leaves services up with their old data when a script fails that had run before, and says what has changed")
    func failingAgain() async throws {
        try await withProject { project in
            try project.write(
                "a.sql", "create table if not exists t (i int);\ntruncate t;\n\\copy t from 'data/t.csv' csv")
            try project.write("data/t.csv", "1\n")
            let services = [try project.service("a", init: ["a.sql"]), try project.service("b")]
            let lines = Mutex<[String]>([])
            func up() async throws -> [ServiceState] {
                lines.withLock { $0 = [] }
                return try await PostgresService.up(services) { event in lines.withLock { $0.append(event.description) } }
            }
            #expect(try await up()[0].scriptFailure == nil)
            #expect(lines.withLock { $0.contains("loaded 1 row of data/t.csv") })

            for service in services { try await service.down() }
            try project.write("data/t.csv", "1\n2\nthree\n")
            let states = try await up()
            #expect(states[0].scriptFailure?.location?.description == "data/t.csv:3:1")
            #expect(lines.withLock { $0.contains("data/t.csv has changed: running a.sql again") })
            for service in services { #expect(try await service.status().state == .running) }
            let connection = try await Connection.connect(services[0].connectionOptions)
            #expect(try await connection.query("select i from t").map { $0[0].int } == [1])
            await #expect(throws: ServicesError.self) { try await services[0].up() }

            try project.write("data/t.csv", "1\n2\n3\n")
            try project.write("a.sql", "-- with a comment\n" + String(contentsOfFile: project.path + "/a.sql", encoding: .utf8))
            #expect(try await up()[0].scriptFailure == nil)
            #expect(lines.withLock { $0.contains("a.sql, data/t.csv have changed: running a.sql again") })
            #expect(try await connection.query("select count(*) from t").scalar?.int == 3)
            try project.write("a.sql", "select 1;")
            #expect(try await up()[0].scriptsRun == ["a.sql"])
            #expect(lines.withLock { $0.contains("a.sql has changed: running it again") })
            await connection.close()
        }
    }

    #if os(Linux)
        @Test("waits for a server that a killed leat had begun to start", arguments: [0, 15, 40, 80])
        func startedByAnother(_ milliseconds: Int) async throws {
            try await withProject { project in
                let service = try project.service()
                try await service.up()
                try await service.down()
                let folder = try service.folder()
                let binaries = try #require(try await ServerBinaries.find().first)
                let other = Command(
                    binaries.path("pg_ctl"), ["start", "-D", folder.data, "-l", folder.log, "-w", "-s"], as: folder.identity)
                let starting = Task { try await other.run() }
                try await Task.sleep(for: .milliseconds(milliseconds))
                try await service.up()
                #expect(try await service.status().state == .running)
                _ = try await starting.value
                let connection = try await Connection.connect(service.connectionOptions)
                await connection.close()
            }
        }
    #endif

    @Test("of two services that start together, the failure of one stops the other")
    func together() async throws {
        try await withProject { project in
            try project.write("bad.sql", "select broken;")
            let services = [try project.service("good"), try project.service("bad", init: ["bad.sql"])]
            await #expect(throws: ServicesError.self) { _ = try await PostgresService.up(services) }
            for service in services { #expect(try await service.status().state != .running) }
        }
    }

    @Test("runs a script again only when it or its data changed, and knows how a killed run ended")
    func changes() async throws {
        try await withProject { project in
            try project.write("init.sql", "create table if not exists t (i int); truncate t;\n\\copy t from 'data/t.csv' csv")
            try project.write("data/t.csv", "1\n2\n")
            let service = try project.service(init: ["init.sql"])
            #expect(try await service.up().scriptsRun == ["init.sql"])
            #expect(try await service.up().scriptsRun == [])
            try project.write("data/t.csv", "1\n2\n3\n")
            #expect(try await service.up().scriptsRun == ["init.sql"])
            let connection = try await Connection.connect(service.connectionOptions)
            #expect(try await connection.query("select count(*) from t").scalar?.int == 3)

            // As if leat had been killed between the commit and its own note of it, and before another commit.
            let file = try service.folder().record
            for (state, expected) in [("committed", [String]()), ("aborted", ["init.sql"])] {
                try await connection.execute("begin")
                let transaction = try await connection.query("select txid_current()").scalar?.int
                try await connection.execute(state == "committed" ? "commit" : "rollback")
                var record = ScriptRecord.load(file)
                let entry = try #require(record.scripts["shop:init.sql"])
                record.scripts["shop:init.sql"] = .init(done: nil, pending: entry.done, transaction: transaction)
                try record.save(file)
                #expect(try await service.up().scriptsRun == expected)
            }
            await connection.close()
        }
    }
}
