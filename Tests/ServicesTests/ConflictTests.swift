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

@Suite("Services that cannot start")
struct ConflictTests {
    @Test("names the port that is taken, and by whom")
    func portTaken() async throws {
        try await withProject { project in
            let silent = SilentServer()
            let service = try project.service(port: silent.port)
            let error = try await #require(throws: ServicesError.self) { try await service.up() }
            #expect(error.kind == .portTaken)
            #expect(error.message.contains("port \(silent.port) of service 'db' is taken by"))
            #expect(error.hint?.contains("services.db.postgres.port in leat.yml") == true)
            #if os(Linux)
                #expect(error.message.contains("(process \(getpid()))"))
            #endif
            #expect(try await service.status().state == .absent, "nothing is made for a service that cannot start")
            #expect(!FileManager.default.fileExists(atPath: project.path + "/.leat"))
            _ = silent.port
        }
    }

    @Test("makes and starts no service if another one's port is taken, or its folder holds something else")
    func allOrNothing() async throws {
        try await withProject { project in
            let silent = SilentServer()
            let services = [try project.service("good"), try project.service("bad", port: silent.port)]
            let steps = Mutex<[ServiceEvent.Step]>([])
            let error = await #expect(throws: ServicesError.self) {
                _ = try await PostgresService.up(services) { event in steps.withLock { $0.append(event.step) } }
            }
            #expect(error?.kind == .portTaken)
            #expect(steps.withLock { $0 } == [])
            #expect(try await services[0].status().state == .absent)
            _ = silent.port

            let other = try project.service("bad")
            try project.write(".leat/services/bad/data/notes.txt", "mine")
            for folder in [".leat", ".leat/services"] { chmod("\(project.path)/\(folder)", 0o755) }
            let owner = try ProcessIdentity.unprivileged()
            for path in ["bad", "bad/data"] { chown("\(project.path)/.leat/services/\(path)", owner.userID, owner.groupID) }
            let refused = await #expect(throws: ServicesError.self) {
                _ = try await PostgresService.up([services[0], other]) { event in steps.withLock { $0.append(event.step) } }
            }
            #expect(refused?.kind == .folder)
            #expect(steps.withLock { $0 } == [])
        }
    }

    @Test(
        "quotes paths for the shell where they need it",
        arguments: [("/a/b-c_1.d", "/a/b-c_1.d"), ("/a b", "'/a b'"), ("/it's", "'/it'\\''s'"), ("", "''"), ("ä", "'ä'")])
    func quoting(_ path: String, _ expected: String) {
        #expect(shellQuoted(path) == expected)
    }

    @Test("names the other project's service that has the port")
    func portOfService() async throws {
        try await withProject { first in
            try await withProject { second in
                let running = try first.service("shop")
                try await running.up()
                let error = try await #require(throws: ServicesError.self) { try await second.service(port: running.port).up() }
                #if os(Linux)
                    #expect(error.message.contains("the service 'shop' of \(FileSystem.canonical(first.path))"), "\(error)")
                #endif
                #expect(error.kind == .portTaken)
            }
        }
    }

    @Test("moves to another port when leat.yml names one")
    func portChanged() async throws {
        try await withProject { project in
            var service = try project.service()
            try await service.up()
            let connection = try await Connection.connect(service.connectionOptions)
            try await connection.execute("create table t ()")
            await connection.close()
            let old = service.port
            service.port = try TestCluster.freePort()
            let state = try await service.up()
            #expect(!state.wasRunning)
            #expect(try await service.status().port == service.port)
            #expect(PortOwner.find(port: old) == nil)
            let again = try await Connection.connect(service.connectionOptions)
            #expect(try await again.query("select to_regclass('t')").scalar?.isNull == false)
            await again.close()

            // If the new port is taken, the server stays where it is.
            let silent = SilentServer()
            let before = service.port
            service.port = silent.port
            await #expect(throws: ServicesError.self) { try await service.up() }
            #expect(try await service.status().port == before)
            #expect(try await service.status().state == .running)
            _ = silent.port
        }
    }

    @Test("follows a changed password, user and database")
    func credentialsChanged() async throws {
        try await withProject { project in
            var service = try project.service()
            try await service.up()
            service.password = "another 'one'"
            service.user = "Grace"
            service.database = "Second Shop"
            try await service.up()
            let connection = try await Connection.connect(service.connectionOptions)
            #expect(
                try await connection.query("select current_user || '@' || current_database()").scalar?.string
                    == "Grace@Second Shop")
            await connection.close()
            var wrong = service.connectionOptions
            wrong.password = "l'ove\\lace"
            let error = await #expect(throws: PostgresError.self) { _ = try await Connection.connect(wrong) }
            #expect(error?.sqlState == .invalidPassword)
        }
    }

    @Test("explains data of another major version")
    func versionMismatch() async throws {
        try await withProject { project in
            let service = try project.service()
            try await service.up()
            try await service.down()
            let folder = try service.folder()
            try "9\n".write(toFile: folder.data + "/PG_VERSION", atomically: false, encoding: .utf8)
            let error = try await #require(throws: ServicesError.self) { try await service.up() }
            #expect(error.kind == .versionMismatch)
            #expect(error.message.contains("was written by PostgreSQL 9, but installed is"))
            #expect(error.hint?.contains("leat down, then delete \(folder.path)") == true)
        }
    }

    @Test("says what to install where there is no PostgreSQL")
    func notInstalled() async throws {
        let folders = await ServerBinaries.folders(environment: ["LEAT_POSTGRES_BIN": "/nowhere"])
        #expect(folders == ["/nowhere"])
        let found = await ServerBinaries.folders(environment: ["PATH": "/bin:/usr/bin"])
        #expect(!found.isEmpty)
        #expect(ServerBinaries.notInstalled.hint?.contains("install") == true)
    }

    @Test("names an init script that does not exist")
    func missingScript() async throws {
        try await withProject { project in
            let error = try await #require(throws: ServicesError.self) { try await project.service(init: ["no.sql"]).up() }
            #expect(error.kind == .scriptMissing)
            #expect(error.message.contains("no.sql"))
        }
    }

    @Test("refuses names, ports and users that cannot be")
    func invalid() async throws {
        try await withProject { project in
            let good = try project.service()
            var cases = [good, good, good, good, good]
            cases[0].name = "../up"
            cases[1].port = 70000
            cases[2].user = "pg_me"
            cases[3].password = ""
            cases[4].database = ""
            for service in cases {
                let error = await #expect(throws: ServicesError.self) { try await service.up() }
                #expect(error?.kind == .invalid)
            }
        }
    }

    @Test("shows the end of the server's log when it does not start")
    func failedStart() async throws {
        try await withProject { project in
            var service = try project.service()
            service.settings["shared_buffers"] = "a lot"
            let error = try await #require(throws: ServicesError.self) { try await service.up() }
            #expect(error.kind == .startFailed)
            #expect(error.description.contains("shared_buffers"), "\(error)")
            #expect(error.hint?.contains("server.log") == true)
            service.settings["shared_buffers"] = "32MB"
            try await service.up()
            let connection = try await Connection.connect(service.connectionOptions)
            #expect(try await connection.query("show shared_buffers").scalar?.string == "32MB")
            await connection.close()
        }
    }
}

@Suite("Services of root", .enabled(if: geteuid() == 0, "needs root, to have privileges to drop"))
struct PrivilegeTests {
    @Test("run as an unprivileged user, which owns the data")
    func unprivileged() async throws {
        try await withProject { project in
            let service = try project.service()
            let state = try await service.up()
            let owner = try #require(ProcessIdentity.owner(of: state.dataDirectory))
            #expect(owner.userID != 0)
            let process = try #require(ProcessIdentity.owner(of: "/proc/\(state.processID)"))
            #expect(process.userID == owner.userID)
            #expect(state.dataDirectory == FileSystem.canonical(project.path) + "/.leat/services/db/data")
        }
    }

    @Test("lie below /var/lib where that user cannot reach the project, and are found again")
    func unreachable() async throws {
        let closed = "/tmp/leat-closed-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: true)
        chmod(closed, 0o700)
        defer { try? FileManager.default.removeItem(atPath: closed) }
        try await withProject(in: closed) { project in
            let service = try project.service()
            let lines = Mutex<[String]>([])
            let state = try await service.up { event in lines.withLock { $0.append(event.description) } }
            #if os(Linux)
                #expect(state.dataDirectory.hasPrefix("/var/lib/leat/"))
            #endif
            let folder = (state.dataDirectory as NSString).deletingLastPathComponent
            let user = try #require(ProcessIdentity.owner(of: state.dataDirectory)).name
            let told = "data in \(folder), because user \(user) cannot enter \(FileSystem.canonical(closed))"
            #expect(lines.withLock { $0.filter { $0.hasPrefix("data in") } } == [told])
            let link = project.path + "/.leat/services/db"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) + "/data" == state.dataDirectory)
            #expect(try await service.status().state == .running)
            #expect(try await service.up().wasRunning)
            // Also without the link.
            unlink(link)
            #expect(try await service.status().state == .running)
            #expect(try await service.up().wasRunning)
            #expect(try await service.down())
            #expect(try await service.up().processID != state.processID)

            // Stopped and .leat deleted: a new beginning.
            let marker = state.dataDirectory + "/of-the-first"
            try FileSystem.write("", to: marker, mode: 0o644)
            #expect(try await service.down())
            FileSystem.remove(project.path + "/.leat")
            #expect(try await service.up().dataDirectory == state.dataDirectory)
            #expect(!FileSystem.exists(marker))
        }
    }

    @Test("lie below /var/tmp where /var/lib is not to be had, and stay where they are found")
    func noLibrary() throws {
        let user = try ProcessIdentity.unprivileged()
        let place = FallbackFolder.find(project: "/closed/shop", name: "db", for: user, library: "/nowhere")
        #expect(place.hasPrefix("/var/tmp/leat-0-"))
        #expect(place.hasSuffix("/db"))
        #expect(FallbackFolder.candidates(project: "/closed/shop", name: "db").last == place)
    }

    @Test("refuse data that belongs to root")
    func rootsData() async throws {
        try await withProject { project in
            let service = try project.service()
            try await service.up()
            try await service.down()
            chown(try service.folder().data + "/PG_VERSION", 0, 0)
            let error = await #expect(throws: ServicesError.self) { try await service.up() }
            #expect(error?.kind == .dataOwner)
            #expect(error?.hint?.contains("chown -R ") == true)
            #expect(error?.hint?.contains("delete") == false)
            FileSystem.remove(project.path + "/.leat")
        }
    }
}
