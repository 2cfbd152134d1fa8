import Connectors
import Documents
import Foundation
import Postgres
import Records
import TestSupport
import Testing

@testable import Ingest

@Suite("Attempts")
struct AttemptTests {
    private typealias Failure = AttemptMachine.Failure

    private func waits(_ rule: RetryRule, _ failures: [AttemptMachine.Failure]) -> [Duration?] {
        var machine = AttemptMachine(rule: rule, limits: AttemptLimits())
        return failures.map { failure in
            switch machine.failed(failure) {
            case .retry(let wait): wait
            case .giveUp: nil
            }
        }
    }

    @Test("complete failures wait 10, 30, 90 and 270 seconds; the fifth in a row is the last")
    func complete() {
        let failure = Failure(hasMoved: false, isTransient: true)
        #expect(
            waits(.always, Array(repeating: failure, count: 5))
                == [.seconds(10), .seconds(30), .seconds(90), .seconds(270), nil])
        #expect(waits(.progress, [failure]) == [nil])
        #expect(waits(.never, [failure]) == [nil])
    }

    @Test("a partial failure goes on at once and begins the waiting anew; ten complete or twenty partial failures are the last")
    func partial() {
        let complete = Failure(hasMoved: false, isTransient: true)
        let partial = Failure(hasMoved: true, isTransient: true)
        #expect(
            waits(.progress, [partial, complete, complete, partial, complete]) == [
                .zero, .seconds(10), .seconds(30), .zero, .seconds(10),
            ])
        let many = waits(.always, Array(repeating: partial, count: 20))
        #expect(many.firstIndex(of: nil) == 19)
        let mixed = waits(.always, (0..<30).map { $0 % 3 == 2 ? partial : complete })
        #expect(mixed.firstIndex(of: nil) == 13)
        #expect(waits(.never, [partial]) == [nil])
    }

    @Test("what cannot pass by itself is not tried again, and waiting ends at half an hour")
    func limits() {
        #expect(waits(.always, [Failure(hasMoved: true, isTransient: false)]) == [nil])
        var limits = AttemptLimits(environment: ["SYNC_JOB_RETRIES_COMPLETE_FAILURES_MAX_SUCCESSIVE": "9"])
        #expect(limits.completeInARow == 9 && limits.partialInTotal == 20)
        limits.completeInTotal = 99
        var machine = AttemptMachine(rule: .always, limits: limits)
        var last = AttemptMachine.Decision.giveUp
        for _ in 1...8 { last = machine.failed(Failure(hasMoved: false, isTransient: true)) }
        #expect(last == .retry(after: .seconds(30 * 60)))
    }

    @Test("a sync whose server processes are ended goes on, and streams that have arrived are not moved again")
    func goesOn() async throws {
        try await withSync(
            """
            create table a as select i as id from generate_series(1, 1000) i;
            create table b as select i as id, repeat('x', 300) as filler from generate_series(1, 60000) i
            """
        ) { fixture in
            var definition = fixture.definition(["a", "b"].map { ConfiguredStream(name: $0) })
            definition.partSize = nil
            definition.retries = .always
            let stopped = Recorder<Bool>()
            let news = Recorder<SyncProgress>()
            let began = AsyncStream.makeStream(of: Void.self)
            var options = SyncOptions(parallelStreams: 1, progressInterval: .zero)
            options.attemptLimits.minimumBackoff = .milliseconds(1)
            let sync = Sync(definition, options: options)
            async let result = sync.run { progress in
                news.add(progress)
                guard progress.stream == "b", progress.rows > 1000 else { return }
                began.continuation.yield()
                // Slower than who ends it.
                if stopped.all.isEmpty { usleep(20_000) }
            }
            for await _ in began.stream { break }
            let ended = try await fixture.warehouse.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name like 'leat sync%'"
            )
            stopped.add(ended.scalar?.int == 1)
            let done = try await result
            #expect(stopped.all == [true])
            #expect(done.attempts.count == 2 && done.streams.map(\.name) == ["a", "b"])
            // The record says which attempt brought what, and who has to act.
            #expect(done.attempts.map(\.rowsCommitted) == [1000, 60_000])
            #expect(done.attempts.map { $0.failure?.type } == [.transient, nil])
            #expect(done.json["attempt_records"]?[0]?["failure"]?["failure_type"] == "transient_error")
            #expect(
                news.all.contains { $0.phase == .failed && $0.message?.contains("attempt 1 failed (transient_error)") == true })
            // Each attempt has a part of its own in the log.
            #expect(Set(news.all.map(\.attempt)) == [1, 2])
            let sections = news.all.filter { $0.stream == nil }.compactMap(\.message)
            let heads = ["attempt 1 begins", "attempt 1 failed", "attempt 2 in", "attempt 2 begins", "attempt 2 succeeded"]
            #expect(sections.count == heads.count && zip(sections, heads).allSatisfy { $0.hasPrefix($1) }, "\(sections)")
            #expect(try await fixture.count("landing.b") == 60_000)
            #expect(news.all.contains { $0.phase == .waiting && $0.message?.contains("attempt 2 in") == true })
            #expect(try await Sync(definition).verify().isEqual)
        }
    }
}
