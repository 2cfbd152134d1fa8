import Orchestrate
import Synchronization

@testable import Serve

/// Remembers what was asked for.
final class RecordedControl: RunControl {
    let asked = Mutex<[String]>([])

    func trigger(_ pipeline: PipelineID, _ request: RunRequest, by user: String) async throws -> RunID {
        asked.withLock { $0.append("trigger \(pipeline) by \(user)") }
        return RunID(pipeline: pipeline, name: "new")
    }

    func cancel(_ run: RunID, by user: String) async throws { asked.withLock { $0.append("cancel \(run) by \(user)") } }
    func rerunFailed(_ run: RunID, by user: String) async throws { asked.withLock { $0.append("rerun \(run) by \(user)") } }
    func setPaused(_ isPaused: Bool, _ pipeline: PipelineID, by user: String) async throws {
        asked.withLock { $0.append("\(isPaused ? "pause" : "unpause") \(pipeline) by \(user)") }
    }
    func explanation(of task: TaskID, in run: RunID) async -> String? { "waits for a test" }
}
