import Hummingbird
import Jinja
import Orchestrate
import Project

extension Site {
    /// What runs, what failed since yesterday, what comes next.
    var homeRoutes: [Route] {
        [.get("/", .look) { request, context in try await home(request, context) }]
    }

    private func home(_ request: Request, _ context: RequestFrame) async throws -> Response {
        let now = clock.now()
        let dayAgo = now - .seconds(86_400)
        let running = try await store.runs(of: nil, states: [.queued, .running], limit: 50)
        let recent = try await store.runs(of: nil, states: nil, limit: 1000).filter { ($0.finishedAt ?? now) > dayAgo }
        let failed = recent.filter { $0.state == .failed }
        let coming = try await upcoming(now: now)
        let timeline = TimelineChart(
            lanes: project.pipelines.map { entry in
                TimelineChart.Lane(
                    name: entry.name, path: Paths.pipeline(PipelineID(entry.name)),
                    runs: recent.filter { $0.id.pipeline.rawValue == entry.name },
                    due: coming.first { $0.name == entry.name && !$0.isPaused }?.next)
            }, now: now)
        let values: [String: Value] = [
            "running": Value(running.map { $0.value(now: now) }), "failed": Value(failed.prefix(20).map { $0.value(now: now) }),
            "succeeded": .int(recent.count { $0.state == .success }),
            "pipelines": Value(project.pipelines.map(\.name)), "timeline": .markup(timeline.svg()),
            "coming": Value(
                coming.map { item in
                    Value([
                        "pipeline": .string(item.name), "path": .string(Paths.pipeline(PipelineID(item.name))),
                        "schedule": .string(item.words), "next": Moment.value(item.next, now: now),
                        "paused": .bool(item.isPaused),
                    ])
                }),
        ]
        return try pages.page("home.html", values, for: request, context, section: "Home", live: true)
    }

    private struct Upcoming {
        let name: String
        let words: String
        let next: Timestamp?
        let isPaused: Bool
    }

    /// The pipelines with a schedule, the next one due first.
    private func upcoming(now: Timestamp) async throws -> [Upcoming] {
        var items: [Upcoming] = []
        for entry in project.pipelines {
            guard let next = entry.schedule.next(after: now) else { continue }
            let isPaused = try await store.isPaused(PipelineID(entry.name)) ?? false
            items.append(Upcoming(name: entry.name, words: ScheduleWords.text(entry.schedule), next: next, isPaused: isPaused))
        }
        return items.sorted {
            ($0.isPaused ? 1 : 0, $0.next?.microseconds ?? .max) < ($1.isPaused ? 1 : 0, $1.next?.microseconds ?? .max)
        }
    }
}
