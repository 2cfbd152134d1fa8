import Diagnostics

extension OrchestrateError {
    /// There is no such run.
    package static func unknown(_ run: RunID, among names: [String] = []) -> OrchestrateError {
        OrchestrateError(
            .unknownRun, "pipeline '\(run.pipeline)' has no run '\(run.name)'",
            hint: Suggestion.hint(for: run.name, in: names) ?? "`leat runs \(run.pipeline)` lists its runs")
    }

    /// There is no such task or group.
    static func unknownTask(_ name: TaskID, in graph: TaskGraph) -> OrchestrateError {
        let groups = Set(graph.tasks.compactMap(\.group?.rawValue))
        return OrchestrateError(
            .unknownTask, "pipeline '\(graph.definition.id)' has no task or group '\(name)'",
            hint: Suggestion.hint(for: name.rawValue, in: graph.tasks.map(\.id.rawValue) + groups.sorted())
                ?? "`leat pipeline show \(graph.definition.id)` lists them")
    }
}
