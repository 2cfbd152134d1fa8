import Diagnostics
import Documents
import Orchestrate
import Synchronization

/// Tells a lineage server, or a file, what runs and tasks read and write: OpenLineage's events START, RUNNING, COMPLETE, FAIL and ABORT.
///
/// Each attempt of a task is a run of OpenLineage's, whose parent is the pipeline's run. Runs wait for nothing of it.
final class LineageEmitter: RunObserver {
    private typealias News = (event: RunEvent, run: ObservedRun)

    private let news: AsyncStream<News>.Continuation
    private let worker: Task<Void, Never>
    private let sender: LineageSender
    /// When the progress of an attempt was last told.
    private let progress = Mutex<[AttemptKey: Timestamp]>([:])

    /// How often the progress of an attempt is told.
    static let progressInterval = Duration.seconds(60)

    /// - Parameters:
    ///   - project: the project as it is at the moment.
    ///   - problem: hears what could not be told.
    init(
        project: @escaping @Sendable () -> LeatProject, retries: RetryPolicy = LineageSender.standardRetries,
        problem: @escaping @Sendable (any UserFacingError) -> Void
    ) {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self)
        let sender = LineageSender(retries: retries, problem: problem)
        news = continuation
        self.sender = sender
        worker = Task {
            var desk = LineageDesk(project: project, sender: sender)
            for await item in stream { await desk.take(item.event, of: item.run) }
        }
    }

    func observe(_ event: RunEvent, of run: ObservedRun) {
        switch event.kind {
        case .taskLog, .taskLogOmitted, .taskQueued, .taskLate, .runLate, .runRecovered: return
        case .taskProgress(let key, _):
            let isDue = progress.withLock { progress in
                guard let last = progress[key] else {
                    progress[key] = event.time
                    return false
                }
                guard event.time - last >= Self.progressInterval else { return false }
                progress[key] = event.time
                return true
            }
            if isDue { news.yield((event, run)) }
        case .taskRetrying(let key, _, _):
            progress.withLock { $0[key] = nil }
            news.yield((event, run))
        case .taskFinished(let result):
            progress.withLock { $0[AttemptKey(task: result.id, number: result.attempts)] = nil }
            news.yield((event, run))
        case .runStarted, .taskStarted, .runFinished: news.yield((event, run))
        }
    }

    func drain() async {
        news.finish()
        await worker.value
        await sender.close()
    }
}

/// Makes OpenLineage's events of a project's.
private struct LineageDesk {
    let project: @Sendable () -> LeatProject
    let sender: LineageSender
    private var catalog: (stamp: ProjectStamp, catalog: LineageCatalog)?
    /// The tasks of runs under way, by their ids.
    private var tasks: [RunID: [TaskID: TaskDefinition]] = [:]
    /// Attempts that have begun and not ended.
    private var begun: [RunID: Set<AttemptKey>] = [:]

    init(project: @escaping @Sendable () -> LeatProject, sender: LineageSender) {
        self.project = project
        self.sender = sender
    }

    mutating func take(_ event: RunEvent, of run: ObservedRun) async {
        let project = project()
        guard let settings = project.lineage else { return }
        let events = LineageEvents(identity: LineageIdentity(namespace: settings.namespace), run: run, hidden: project.hidden)
        switch event.kind {
        case .runStarted: await sender.send(events.run("START", at: event.time), to: settings.target)
        case .runFinished(let result):
            tasks[event.run] = nil
            begun[event.run] = nil
            let type =
                switch result.state {
                case .success: "COMPLETE"
                case .cancelled: "ABORT"
                case .failed, .queued, .running: "FAIL"
                }
            await sender.send(events.run(type, at: event.time, result), to: settings.target)
        case .taskStarted(let key):
            begun[event.run, default: []].insert(key)
            await tell("START", key, nil, nil, event, events, project, settings)
        case .taskProgress(let key, _): await tell("RUNNING", key, nil, nil, event, events, project, settings)
        case .taskRetrying(let key, let failure, _):
            guard begun[event.run]?.remove(key) != nil else { return }
            await tell("FAIL", key, nil, failure, event, events, project, settings)
        case .taskFinished(let result):
            let key = AttemptKey(task: result.id, number: result.attempts)
            guard begun[event.run]?.remove(key) != nil else { return }
            let isStopped = result.failure?.code == "task.cancelled"
            let type = result.state.isFailure ? (isStopped ? "ABORT" : "FAIL") : "COMPLETE"
            await tell(type, key, result, result.state.isFailure ? result.failure : nil, event, events, project, settings)
        case .taskLog, .taskLogOmitted, .taskQueued, .taskLate, .runLate, .runRecovered: break
        }
    }

    private mutating func tell(
        _ type: String, _ key: AttemptKey, _ result: TaskResult?, _ failure: TaskFailure?, _ event: RunEvent,
        _ events: LineageEvents, _ project: LeatProject, _ settings: LineageSettings
    ) async {
        if tasks[event.run] == nil {
            let all = events.run.definition.tasks.map { ($0.id, $0) }
            tasks[event.run] = Dictionary(all, uniquingKeysWith: { first, _ in first })
        }
        guard let task = tasks[event.run]?[key.task] else { return }
        var (inputs, outputs) = await currentCatalog(project).datasets(of: task, output: result?.output ?? .null)
        if type == "COMPLETE" {
            for index in inputs.indices { inputs[index] = await inputs[index].withColumns() }
            for index in outputs.indices {
                outputs[index] = await outputs[index].withColumns()
                if outputs.count == 1, outputs[index].rows == nil { outputs[index].rows = result?.rows }
            }
        }
        await sender.send(
            events.attempt(type, key, task, at: event.time, failure, inputs: inputs, outputs: outputs), to: settings.target)
    }

    private mutating func currentCatalog(_ project: LeatProject) async -> LineageCatalog {
        let stamp = ProjectStamp(of: project)
        if let catalog, catalog.stamp == stamp { return catalog.catalog }
        let new = await LineageCatalog(project)
        catalog = (stamp, new)
        return new
    }
}
