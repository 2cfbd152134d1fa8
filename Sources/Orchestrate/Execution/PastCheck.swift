/// Looks how the same task of the run before stands, for tasks that depend on it.
struct PastCheck: Sendable {
    let store: any MetadataStore
    let run: RunContext

    /// Why the task has to wait; nil where it has not.
    ///
    /// The run before is the one with the latest logical date before this one's. The first run of all waits for nobody, nor does one
    /// that stands for no time.
    func reason(for task: TaskID) async -> String? {
        guard let date = run.logicalDate, let store = store as? any SchedulingStore else { return nil }
        do {
            guard let before = try await store.lastRun(of: run.id.pipeline, before: date, states: nil) else { return nil }
            guard let found = try await store.tasks(of: before.id).first(where: { $0.result.id == task }) else { return nil }
            switch found.result.state {
            case .success, .skipped, .removed: return nil
            default:
                return "depends on its past: in the run '\(before.id.name)' it is \(found.result.state.rawValue)"
            }
        } catch {
            return "the run before cannot be looked at: \(error)"
        }
    }
}
