import Synchronization

/// Counts what happens in the runs of this process, for monitoring.
package final class RunMetrics: RunObserver {
    private struct Outcome: Hashable, Comparable {
        let pipeline: PipelineID
        let state: String

        static func < (a: Outcome, b: Outcome) -> Bool { (a.pipeline.rawValue, a.state) < (b.pipeline.rawValue, b.state) }
    }

    private struct State {
        var runs: [Outcome: Int] = [:]
        var tasks: [Outcome: Int] = [:]
        var retries: [PipelineID: Int] = [:]
        var late: [PipelineID: Int] = [:]
        var rows: [PipelineID: Int] = [:]
        var runDurations: [PipelineID: Histogram] = [:]
        var taskDurations: [String: Histogram] = [:]
        var delays = Histogram()
        var lastSuccesses: [PipelineID: Timestamp] = [:]
        /// Tasks of runs under way, as they stand.
        var active: [RunID: [TaskID: TaskState]] = [:]
        /// What the tasks of runs under way are.
        var kinds: [RunID: [TaskID: String]] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func observe(_ event: RunEvent, of run: ObservedRun) {
        let pipeline = event.run.pipeline
        state.withLock { state in
            switch event.kind {
            case .runStarted:
                let tasks = run.definition.tasks.map { ($0.id, $0.kind) }
                state.kinds[event.run] = Dictionary(tasks, uniquingKeysWith: { first, _ in first })
                state.active[event.run] = state.active[event.run] ?? [:]
                // One that was put down and goes on has begun before.
                if let due = run.record.dueAt, run.record.startedAt.map({ event.time - $0 < .seconds(1) }) ?? true {
                    state.delays.add(event.time - due)
                }
            case .taskQueued(let key): state.active[event.run, default: [:]][key.task] = .queued
            case .taskStarted(let key): state.active[event.run, default: [:]][key.task] = .running
            case .taskRetrying(let key, _, _):
                state.active[event.run, default: [:]][key.task] = .upForRetry
                state.retries[pipeline, default: 0] += 1
            case .taskFinished(let result):
                state.active[event.run]?[result.id] = nil
                state.tasks[Outcome(pipeline: pipeline, state: result.state.rawValue), default: 0] += 1
                if let duration = result.duration, let kind = state.kinds[event.run]?[result.id] {
                    state.taskDurations[kind, default: Histogram()].add(duration)
                }
                if let rows = result.rows, result.state == .success { state.rows[pipeline, default: 0] += rows }
            case .taskLate, .runLate: state.late[pipeline, default: 0] += 1
            case .runFinished(let result):
                state.active[event.run] = nil
                state.kinds[event.run] = nil
                state.runs[Outcome(pipeline: pipeline, state: result.state.rawValue), default: 0] += 1
                state.runDurations[pipeline, default: Histogram()].add(result.duration)
                if result.state == .success { state.lastSuccesses[pipeline] = result.finishedAt }
            case .taskProgress, .taskLog, .taskLogOmitted, .runRecovered: break
            }
        }
    }

    /// Adds what was counted.
    package func write(to out: inout MetricsText) {
        let state = state.withLock { $0 }
        func byPipeline(_ name: String, _ help: String, _ values: [PipelineID: Int]) {
            out.begin(name, .counter, help)
            for (pipeline, count) in values.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                out.sample(name, [("pipeline", pipeline.rawValue)], Double(count))
            }
        }
        func byOutcome(_ name: String, _ help: String, _ values: [Outcome: Int]) {
            out.begin(name, .counter, help)
            for (outcome, count) in values.sorted(by: { $0.key < $1.key }) {
                out.sample(name, [("pipeline", outcome.pipeline.rawValue), ("state", outcome.state)], Double(count))
            }
        }
        byOutcome("leat_runs_finished_total", "Runs that have ended.", state.runs)
        byOutcome("leat_tasks_finished_total", "Tasks that have ended.", state.tasks)
        byPipeline("leat_task_retries_total", "Attempts that have failed and were tried again.", state.retries)
        byPipeline("leat_deadlines_missed_total", "Runs and tasks that were late.", state.late)
        byPipeline("leat_rows_total", "Rows that tasks have moved or changed.", state.rows)
        out.begin("leat_tasks", .gauge, "Tasks of runs under way.")
        var counts: [TaskState: Int] = [.queued: 0, .running: 0, .upForRetry: 0]
        for tasks in state.active.values { for task in tasks.values { counts[task, default: 0] += 1 } }
        for (task, count) in counts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            out.sample("leat_tasks", [("state", task.rawValue)], Double(count))
        }
        out.begin("leat_run_duration_seconds", .histogram, "How long runs took.")
        for (pipeline, histogram) in state.runDurations.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            out.samples("leat_run_duration_seconds", [("pipeline", pipeline.rawValue)], histogram)
        }
        out.begin("leat_task_duration_seconds", .histogram, "How long tasks took, with all their attempts.")
        for (kind, histogram) in state.taskDurations.sorted(by: { $0.key < $1.key }) {
            out.samples("leat_task_duration_seconds", [("kind", kind)], histogram)
        }
        out.begin("leat_schedule_delay_seconds", .histogram, "How long after they were due runs began.")
        out.samples("leat_schedule_delay_seconds", [], state.delays)
        out.begin("leat_last_success_timestamp_seconds", .gauge, "When a run of the pipeline last succeeded.")
        for (pipeline, moment) in state.lastSuccesses.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            out.sample(
                "leat_last_success_timestamp_seconds", [("pipeline", pipeline.rawValue)], Double(moment.microseconds) / 1e6)
        }
    }
}
