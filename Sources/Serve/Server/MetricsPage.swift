import Documents
import HTTPTypes
import Hummingbird
package import Orchestrate
import Project

/// What Prometheus may ask of the server.
package struct ServerMetrics: Sendable {
    /// What is counted of the runs of this process; nil where it has no scheduler.
    let runs: RunMetrics?
    /// Who gives out the slots of pools to them.
    let slots: SlotBroker?

    package init(runs: RunMetrics? = nil, slots: SlotBroker? = nil) {
        self.runs = runs
        self.slots = slots
    }
}

extension Site {
    /// Metrics in Prometheus' text format. A scraper logs in with a token or a password, as every program does.
    var metricsRoutes: [Route] {
        [
            .get("/metrics", .look) { _, _ in
                var headers = HTTPFields()
                headers[.contentType] = MetricsText.contentType
                headers[.cacheControl] = "no-store"
                return Response(
                    status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: try await metricsText())))
            }
        ]
    }

    private func metricsText() async throws -> String {
        var out = MetricsText()
        out.single(
            "leat_scheduler_up", .gauge, "Whether the project has a scheduler.", store.isSchedulerRunning() ? 1 : 0)
        out.single(
            "leat_project_valid", .gauge, "Whether leat.yml is right; while it is not, its last right state counts.",
            current.problem == nil ? 1 : 0)
        let pauses = try await store.pauses()
        let pipelines = current.pipelines
        let paused = pipelines.count { pauses[$0.definition.id] ?? $0.startsPaused }
        out.begin("leat_pipelines", .gauge, "Pipelines of the project.")
        out.sample("leat_pipelines", [("state", "active")], Double(pipelines.count - paused))
        out.sample("leat_pipelines", [("state", "paused")], Double(paused))
        let open = try await store.runs(of: nil, states: [.queued, .running], limit: 100_000)
        out.begin("leat_runs", .gauge, "Runs that wait or are under way, of the whole project.")
        for state in [RunState.queued, .running] {
            out.sample("leat_runs", [("state", state.rawValue)], Double(open.count { $0.state == state }))
        }
        let waiting = open.filter { $0.state == .queued }.map(\.queuedAt).min()
        out.single(
            "leat_oldest_queued_run_seconds", .gauge, "How long the run waits that waits longest.",
            waiting.map { max(0, (clock.now() - $0).inSeconds) } ?? 0)
        let pools = project.pools.sorted { $0.key < $1.key }
        out.begin("leat_pool_slots", .gauge, "Slots of a pool.")
        for (name, size) in pools { out.sample("leat_pool_slots", [("pool", name)], Double(size)) }
        if let slots = metrics.slots {
            out.begin("leat_pool_slots_taken", .gauge, "Slots of a pool that tasks have.")
            for (name, _) in pools { out.sample("leat_pool_slots_taken", [("pool", name)], Double(slots.usage(of: name).taken)) }
        }
        metrics.runs?.write(to: &out)
        ProcessMetrics.write(to: &out, startedAt: startedAt)
        return out.text
    }
}
