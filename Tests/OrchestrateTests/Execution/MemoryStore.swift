import Documents
import Synchronization

@testable import Orchestrate

/// A store that keeps what it is told, and can be made to fail.
final class MemoryStore: MetadataStore {
    struct Content {
        var runs: [RunID: RunRecord] = [:]
        var tasks: [RunID: [Int: TaskRecord]] = [:]
        var attempts: [AttemptKey: AttemptRecord] = [:]
        var writes = 0
        var failsAfter = Int.max
    }

    private let content = Mutex(Content())

    init(failsAfter writes: Int = .max) { content.withLock { $0.failsAfter = writes } }

    var writes: Int { content.withLock { $0.writes } }

    func create(_ run: RunRecord, tasks: [TaskRecord], maxActiveRuns: Int) async throws {
        content.withLock { content in
            content.runs[run.id] = run
            for task in tasks { content.tasks[run.id, default: [:]][task.position] = task }
        }
    }

    func record(_ changes: RunChanges) async throws {
        try content.withLock { content in
            content.writes += 1
            if content.writes > content.failsAfter { throw OrchestrateError(.storeUnwritable, "the disk is full") }
            if let run = changes.run { content.runs[changes.id] = run }
            for task in changes.tasks { content.tasks[changes.id, default: [:]][task.position] = task }
            for attempt in changes.attempts { content.attempts[attempt.key] = attempt }
        }
    }

    func closeOrphans() async throws -> [RunID] { [] }
    func run(_ id: RunID) async throws -> RunRecord? { content.withLock { $0.runs[id] } }
    func runs(of pipeline: PipelineID?, states: Set<RunState>?, limit: Int) async throws -> [RunRecord] {
        content.withLock { Array($0.runs.values) }
    }
    func tasks(of run: RunID) async throws -> [TaskRecord] {
        content.withLock { ($0.tasks[run] ?? [:]).values.sorted { $0.position < $1.position } }
    }
    func attempts(of run: RunID, task: TaskID?) async throws -> [AttemptRecord] {
        content.withLock {
            $0.attempts.values.filter { task == nil || $0.key.task == task }.sorted { $0.key.number < $1.key.number }
        }
    }
    func removeRuns(of pipeline: PipelineID?, finishedBefore moment: Timestamp) async throws -> Int { 0 }
    func isPaused(_ pipeline: PipelineID) async throws -> Bool? { nil }
    func setPaused(_ isPaused: Bool, of pipeline: PipelineID) async throws {}
    func value(of key: String, in scope: String) async throws -> JSON? { nil }
    func setValue(_ value: JSON?, of key: String, in scope: String) async throws {}
}
