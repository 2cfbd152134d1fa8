import Orchestrate

/// How many slots of each pool the tasks of open runs want or hold, by the tasks' states.
struct PoolUse: Sendable {
    private var slots: [String: [TaskState: Int]] = [:]

    init(of site: Site) async throws {
        for run in try await site.store.runs(of: nil, states: [.running], limit: 1000) {
            // A run of a pipeline that has been removed since claims nothing that anybody could look up.
            guard let definition = try? await site.pipelines.definition(of: run.id.pipeline.rawValue) else { continue }
            let claims = Dictionary(definition.tasks.map { ($0.id, $0.claims) }, uniquingKeysWith: { first, _ in first })
            for task in try await site.store.tasks(of: run.id) {
                for claim in claims[task.result.id] ?? [] {
                    slots[claim.pool, default: [:]][task.result.state, default: 0] += claim.slots
                }
            }
        }
    }

    subscript(pool: String, state: TaskState) -> Int { slots[pool]?[state] ?? 0 }
}
