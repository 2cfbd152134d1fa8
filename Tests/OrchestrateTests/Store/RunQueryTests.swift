import Foundation
import Testing

@testable import Orchestrate

@Suite("Lists of runs")
struct RunQueryTests {
    private let directory = NSTemporaryDirectory() + "leat-runs-\(UUID().uuidString)"
    private static let day = Int64(86_400)
    private static let start = Timestamp(seconds: 20_000 * day)

    /// A store with 30 runs, one an hour from midnight on, of the pipelines a, b and c in turn; each fifth failed, the last runs.
    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let store = try SQLiteStore(path: directory + "/leat.db")
        for number in 0..<30 {
            let id = RunID(pipeline: PipelineID(["a", "b", "c"][number % 3]), name: "r\(number)")
            let request = RunRequest(
                kind: number.isMultiple(of: 2) ? .manual : .backfill, name: id.name,
                logicalDate: number < 10 ? Self.start - .seconds(Self.day * Int64(number)) : nil)
            var run = RunRecord(id: id, request: request, queuedAt: Self.start + .seconds(3600 * Int64(number)))
            let task = TaskRecord(result: TaskResult(id: "t"), position: 0, group: nil, kind: "empty")
            try await store.create(run, tasks: [task], maxActiveRuns: 100)
            run.state = number == 29 ? .running : number.isMultiple(of: 5) ? .failed : .success
            run.startedAt = run.queuedAt + .seconds(1)
            run.finishedAt = number == 29 ? nil : run.queuedAt + .seconds(Int64(2 + number))
            try await store.record(RunChanges(id: id, run: run))
        }
        try await body(store)
        try store.close()
        try FileManager.default.removeItem(atPath: directory)
    }

    private func names(_ store: SQLiteStore, _ query: RunQuery) async throws -> [String] {
        try await store.runs(query).map(\.id.name)
    }

    @Test("are filtered, sorted and cut by the store, and counted as a whole")
    func queries() async throws {
        try await withStore { store in
            var query = RunQuery(of: "a")
            (query.limit, query.offset) = (2, 1)
            #expect(try await names(store, query) == ["r24", "r21"])
            #expect(try await store.count(query) == 10)
            query.isDescending = false
            #expect(try await names(store, query) == ["r3", "r6"])

            query = RunQuery()
            query.states = [.failed]
            query.kinds = [.backfill]
            #expect(try await names(store, query) == ["r25", "r15", "r5"])
            query.pipelines = ["b", "c"]
            #expect(try await names(store, query) == ["r25", "r5"])
            query.pipelines = []
            #expect(try await names(store, query).isEmpty)
            #expect(try await store.count(query) == 0)

            query = RunQuery()
            query.spans = [RunQuery.Span(.logicalDate, to: Self.start - .seconds(Self.day * 8))]
            #expect(try await names(store, query) == ["r9", "r8"])
            query.spans = [
                RunQuery.Span(.startedAt, from: Self.start + .seconds(3601), to: Self.start + .seconds(10_801)),
                RunQuery.Span(.finishedAt, from: Self.start + .seconds(7204)),
            ]
            #expect(try await names(store, query) == ["r3", "r2"], "both ends are included")
            query = RunQuery()
            (query.key, query.limit) = (.duration, 1)
            #expect(try await names(store, query) == ["r28"], "one that runs has no duration")
            for key in RunQuery.Moment.allCases.map(RunQuery.Key.moment) + [.pipeline, .name, .state, .kind, .duration] {
                (query.key, query.limit) = (key, 100)
                let found = try await store.runs(query)
                #expect(found.count == 30)
            }
        }
    }

    @Test("the last runs of many pipelines come at once, with their tasks; days are counted")
    func latest() async throws {
        try await withStore { store in
            let latest = try await store.latestRuns(of: ["a", "c", "nowhere"], limit: 2)
            #expect(latest.mapValues { $0.map(\.id.name) } == ["a": ["r27", "r24"], "c": ["r29", "r26"]])
            let tasks = try await store.latestTasks(of: ["a", "c"], runs: 1)
            #expect(tasks.map(\.run.name) == ["r29", "r27"] && tasks.allSatisfy { $0.task.result.id == "t" })
            let days = try await store.runDays(of: "a", since: Self.start + .seconds(3600))
            #expect(days == [RunDay(day: 20_000, all: 7, failed: 1), RunDay(day: 20_001, all: 2, failed: 0)])
        }
    }
}
