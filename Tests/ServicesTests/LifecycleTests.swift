import Foundation
import Postgres
import Services
import TestSupport
import Testing

@Suite("Lifecycle of a service")
struct LifecycleTests {
    @Test("starts from nothing, is reused, stops, and starts again with its data")
    func wholeLife() async throws {
        try await withProject { project in
            let service = try project.service()
            #expect(try await service.status().state == .absent)
            #expect(try await service.down() == false)

            let first = try await service.up()
            #expect(!first.wasRunning)
            let connection = try await Connection.connect(service.connectionOptions)
            try await connection.execute("create table kept as select 42 as answer")
            await connection.close()

            let second = try await service.up()
            #expect(second.wasRunning)
            #expect(second.processID == first.processID)
            let status = try await service.status()
            #expect(status.state == .running)
            #expect(status.processID == first.processID)
            #expect(status.port == service.port)
            #expect(status.version == first.version)

            #expect(try await service.down())
            #expect(try await service.down() == false)
            #expect(try await service.status().state == .stopped)

            try await service.up()
            let again = try await Connection.connect(service.connectionOptions)
            #expect(try await again.query("select answer from kept").scalar?.int == 42)
            await again.close()
        }
    }

    @Test("two services from nothing are ready in under 5 seconds")
    func twoServices() async throws {
        try await withProject { project in
            try project.write(
                "scripts/a.sql", "create table a (id int, name text);\n\\copy a from 'a.csv' with (format csv, header)\n")
            try project.write("scripts/b.sql", "create extension if not exists fuzzystrmatch;")
            try project.write("a.csv", "id,name\n" + (1...1000).map { "\($0),name \($0)\n" }.joined())
            let services = [
                try project.service("clients", init: ["scripts/a.sql"]),
                try project.service("warehouse", init: ["scripts/b.sql"]),
            ]
            let clock = ContinuousClock()
            var states: [ServiceState] = []
            let duration = try await clock.measure { states = try await PostgresService.up(services) }
            #expect(states.map(\.name) == ["clients", "warehouse"])
            print("up from nothing, two services: \(duration)")
            let again = try await clock.measure { states = try await PostgresService.up(services) }
            print("up again: \(again)")
            #expect(states.allSatisfy { $0.wasRunning && $0.scriptsRun.isEmpty })
            let connection = try await Connection.connect(services[0].connectionOptions)
            #expect(try await connection.query("select count(*) from a").scalar?.int == 1000)
            await connection.close()
        }
    }
}
