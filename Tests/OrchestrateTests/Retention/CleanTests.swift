import Foundation
import Testing

@testable import Orchestrate

struct CleanTests {
    private let place = SQLiteStoreTests.Place()
    private var logs: String { place.directory + "/logs" }
    private static let now = Timestamp(seconds: 2_000_000_000)

    /// A finished run with a log of ten bytes; `day` is when it was, in days before now.
    private func add(
        _ name: String, day: Int, to store: SQLiteStore, pipeline: PipelineID = "p", kind: RunKind = .manual,
        state: RunState = .success
    ) async throws {
        let moment = Self.now - .seconds(86_400 * day)
        let id = RunID(pipeline: pipeline, name: name)
        let interval = kind == .scheduled ? DataInterval(start: moment - .seconds(60), end: moment) : nil
        var record = RunRecord(
            id: id, request: RunRequest(kind: kind, dataInterval: interval), state: state, queuedAt: moment)
        record.finishedAt = state.isFinished ? moment : nil
        try await store.create(record, tasks: [], maxActiveRuns: 99)
        let folder = AttemptLog.directory(of: id, in: logs) + "/a"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "0123456789".write(toFile: folder + "/attempt-1.jsonl", atomically: true, encoding: .utf8)
    }

    private func exists(_ name: String, _ pipeline: PipelineID = "p") -> Bool {
        FileManager.default.fileExists(atPath: AttemptLog.directory(of: RunID(pipeline: pipeline, name: name), in: logs))
    }

    @Test("removes what is old with its logs, and keeps what is new, under way or needed by the schedule")
    func removes() async throws {
        let store = try SQLiteStore(path: place.path)
        try await add("old", day: 40, to: store)
        try await add("scheduled-first", day: 39, to: store, kind: .scheduled)
        try await add("scheduled-last", day: 38, to: store, kind: .scheduled)
        try await add("open", day: 37, to: store, state: .running)
        try await add("new", day: 3, to: store)
        try await add("only", day: 90, to: store, pipeline: "q")
        let control = RunControl(store: store, author: Author("me"))
        let request = CleanRequest(finishedBefore: Self.now - .seconds(86_400 * 30))
        let dry = try await control.clean(request, logDirectory: logs, isDryRun: true)
        #expect(dry.runs.map(\.name) == ["old", "scheduled-first"] && dry.logBytes == 20)
        #expect(exists("old"))
        let result = try await control.clean(request, logDirectory: logs)
        #expect(result == dry)
        #expect(Set(try await store.runs(limit: 99).map(\.id.name)) == ["scheduled-last", "open", "new", "only"])
        #expect(!exists("old") && !exists("scheduled-first") && exists("scheduled-last") && exists("open") && exists("only", "q"))
        #expect(try await store.lastIntervals()["p"]?.end == Self.now - .seconds(86_400 * 38))
        #expect(try await store.audit(limit: 1).first?.action == "clean")
        #expect(try await control.clean(request, logDirectory: logs).runs.isEmpty)
    }

    @Test("keeps as many of the newest as are asked for, of one pipeline alone")
    func newest() async throws {
        let store = try SQLiteStore(path: place.path)
        for day in 1...5 {
            try await add("r\(day)", day: day, to: store)
            try await add("r\(day)", day: day, to: store, pipeline: "q")
        }
        let control = RunControl(store: store, author: Author("me"))
        let request = CleanRequest(pipeline: "p", finishedBefore: Self.now, keepingNewest: 2)
        #expect(try await control.clean(request, logDirectory: logs).runs.map(\.name) == ["r5", "r4", "r3"])
        #expect(try await store.runs(of: "q").count == 5)
        // Also the newest, where none shall stay.
        let all = CleanRequest(pipeline: "p", finishedBefore: Self.now, keepingNewest: 0)
        #expect(try await control.clean(all, logDirectory: logs).runs.count == 2)
        #expect(!FileManager.default.fileExists(atPath: logs + "/p"))
    }

    @Test("removes logs that no run has any more, once they are old")
    func strays() async throws {
        let store = try SQLiteStore(path: place.path)
        try await add("r", day: 1, to: store)
        let stray = AttemptLog.directory(of: RunID(pipeline: "gone", name: "x"), in: logs)
        try FileManager.default.createDirectory(atPath: stray, withIntermediateDirectories: true)
        try "12345".write(toFile: stray + "/log", atomically: true, encoding: .utf8)
        let control = RunControl(store: store, author: Author("me"))
        let early = CleanRequest(finishedBefore: Timestamp.now - .seconds(3600))
        #expect(try await control.clean(early, logDirectory: logs).logBytes == 0)
        #expect(FileManager.default.fileExists(atPath: stray))
        let late = CleanRequest(finishedBefore: Timestamp.now + .seconds(60))
        #expect(try await control.clean(late, logDirectory: logs).logBytes == 5)
        #expect(!FileManager.default.fileExists(atPath: stray) && exists("r"))
    }
}
