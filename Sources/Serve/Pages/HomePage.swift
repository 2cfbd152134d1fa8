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
        var open = RunQuery()
        (open.states, open.limit) = ([.queued, .running], 50)
        let running = try await store.runs(open)
        var ended = RunQuery()
        (ended.spans, ended.limit) = ([RunQuery.Span(.finishedAt, from: dayAgo)], Self.drawnRuns)
        let recent = running + (try await store.runs(ended))
        // The list of those that were drawn holds all of them, as long as no more have ended than are drawn.
        let isWhole = recent.count - running.count < Self.drawnRuns
        func ofDay(_ state: RunState) async throws -> Int {
            if isWhole { return recent.count { $0.state == state } }
            var query = ended
            query.states = [state]
            return try await store.count(query)
        }
        var failures = ended
        (failures.states, failures.limit) = ([.failed], 20)
        let failed = isWhole ? Array(recent.filter { $0.state == .failed }.prefix(20)) : try await store.runs(failures)
        let coming = try await upcoming(now: now)
        let timeline = TimelineChart(
            lanes: current.pipelines.filter { $0.isShown(with: recent) }.map { pipeline in
                let id = pipeline.definition.id
                return TimelineChart.Lane(
                    name: id.rawValue, path: Paths.pipeline(id), runs: recent.filter { $0.id.pipeline == id },
                    due: coming.first { $0.name == id.rawValue && !$0.isPaused }?.next)
            }, now: now)
        let values: [String: Value] = [
            "running": Value(running.map { $0.value(now: now) }), "failed": Value(failed.map { $0.value(now: now) }),
            "running_count": .int(running.count < open.limit ? running.count : try await store.count(open)),
            "failed_count": .int(try await ofDay(.failed)), "succeeded": .int(try await ofDay(.success)),
            "pipelines": Value(current.pipelines.map(\.definition.id.rawValue)), "timeline": .markup(timeline.svg()),
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

    /// How many of the newest runs of a day the timeline has.
    private static var drawnRuns: Int { 1000 }

    private struct Upcoming {
        let name: String
        let words: String
        let next: Timestamp?
        let isPaused: Bool
    }

    /// The pipelines with a schedule, the next one due first.
    private func upcoming(now: Timestamp) async throws -> [Upcoming] {
        let pauses = try await store.pauses()
        var items: [Upcoming] = []
        for pipeline in current.pipelines {
            let definition = pipeline.definition
            guard let next = definition.schedule.next(after: now) else { continue }
            let isPaused = pauses[definition.id] ?? pipeline.startsPaused
            items.append(
                Upcoming(
                    name: definition.id.rawValue, words: ScheduleWords.text(definition), next: next, isPaused: isPaused))
        }
        return items.sorted {
            ($0.isPaused ? 1 : 0, $0.next?.microseconds ?? .max) < ($1.isPaused ? 1 : 0, $1.next?.microseconds ?? .max)
        }
    }
}

extension ScheduledPipeline {
    /// Whether it has a lane: connections have one only when they run by themselves.
    fileprivate func isShown(with runs: [RunRecord]) -> Bool {
        !definition.id.rawValue.hasPrefix("sync.") || definition.schedule != .manual
            || runs.contains { $0.id.pipeline == definition.id }
    }
}
