/// The records of a run as they stand, and which of them the store has not seen yet.
struct RunBook: Sendable {
    private(set) var run: RunRecord
    private(set) var tasks: [TaskRecord]
    private var attempts: [AttemptKey: AttemptRecord] = [:]
    private var isRunChanged = false
    private var changedTasks: Set<Int> = []
    private var changedAttempts: Set<AttemptKey> = []
    private var data: [DataEvent] = []

    /// - Parameter known: how the tasks of a run that is taken up again stand.
    init(graph: TaskGraph, run: RunRecord, tasks known: [TaskRecord] = []) {
        self.run = run
        let results = Dictionary(known.map { ($0.result.id, $0.result) }, uniquingKeysWith: { first, _ in first })
        tasks = graph.tasks.enumerated().map { position, task in
            TaskRecord(
                result: results[task.id] ?? TaskResult(id: task.id), position: position, group: task.group, kind: task.kind)
        }
    }

    /// The tasks of the store that the pipeline has no more.
    func removed(from known: [TaskRecord]) -> [TaskRecord] {
        let ids = Set(tasks.map(\.result.id))
        return known.filter { !ids.contains($0.result.id) }.enumerated().map { offset, task in
            var task = task
            task.position = tasks.count + offset
            if !task.result.state.isFinished { task.result.state = .removed }
            return task
        }
    }

    mutating func changeRun(_ change: (inout RunRecord) -> Void) {
        change(&run)
        isRunChanged = true
    }

    mutating func changeTask(_ index: Int, _ change: (inout TaskResult) -> Void) {
        change(&tasks[index].result)
        changedTasks.insert(index)
    }

    mutating func addAttempt(_ key: AttemptKey, at now: Timestamp) {
        attempts[key] = AttemptRecord(key: key, queuedAt: now)
        changedAttempts.insert(key)
    }

    mutating func changeAttempt(_ key: AttemptKey, _ change: (inout AttemptRecord) -> Void) {
        guard var attempt = attempts[key] else { return }
        change(&attempt)
        attempts[key] = attempt
        changedAttempts.insert(key)
    }

    mutating func addData(_ update: DataUpdate, by task: TaskID?, at now: Timestamp) {
        data.append(DataEvent(at: now, update.reference, run: run.id, task: task, details: update.details))
    }

    /// Notes where an attempt writes its log, when it writes the first line.
    mutating func noteLog(_ path: String, of key: AttemptKey) {
        guard attempts[key]?.logPath == nil else { return }
        changeAttempt(key) { $0.logPath = path }
    }

    /// What the store has not seen; nil where there is nothing. Attempts that have ended are forgotten.
    mutating func takeChanges() -> RunChanges? {
        guard isRunChanged || !changedTasks.isEmpty || !changedAttempts.isEmpty || !data.isEmpty else { return nil }
        let changes = RunChanges(
            id: run.id, run: isRunChanged ? run : nil, tasks: changedTasks.sorted().map { tasks[$0] },
            attempts: changedAttempts.compactMap { attempts[$0] }, data: data)
        for attempt in changes.attempts where attempt.state.isFinished { attempts[attempt.key] = nil }
        isRunChanged = false
        data.removeAll()
        changedTasks.removeAll(keepingCapacity: true)
        changedAttempts.removeAll(keepingCapacity: true)
        return changes
    }
}
