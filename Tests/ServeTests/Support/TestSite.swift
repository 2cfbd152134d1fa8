import Documents
import Foundation
import Orchestrate
import Project

@testable import Serve

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A server over a project of its own, with a user of each role, that answers on a free port until it is stopped.
final class TestSite: Sendable {
    let server: WebServer
    let store: SQLiteStore
    let access: AccessStore
    let folder: String
    let base: String
    private let running: Task<Void, any Error>
    private let scheduling: Task<Void, any Error>?

    static let password = "a password of tests"

    static let project = """
        name: waterworks
        version: 1
        pipelines:
          hourly:
            description: <b>bold</b> & "quoted"
            schedule: {cron: "0 * * * *"}
            tasks:
              first: {empty: true}
              second: {empty: true, after: [first]}
          by_hand:
            tasks:
              only: {empty: true}
        """

    /// - Parameters:
    ///   - files: other files of the project, by their paths in it.
    ///   - withScheduler: whether a scheduler runs beside it, as in `leat serve`.
    static func start(
        leatYML: String = project, files: [String: String] = [:], options: ServerOptions = ServerOptions(port: 0),
        withScheduler: Bool = false, environment: [String: String] = [:]
    ) async throws -> TestSite {
        let folder = NSTemporaryDirectory() + "leat-site-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/.leat", withIntermediateDirectories: true)
        try Data(leatYML.utf8).write(to: URL(filePath: folder + "/leat.yml"))
        for (path, text) in files {
            let url = URL(filePath: folder + "/" + path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let read = { @Sendable in try LeatProject.load(from: folder, environment: environment) }
        let project = try read()
        let store = try SQLiteStore(path: folder + "/.leat/leat.db")
        let access = try AccessStore(path: folder + "/.leat/access.db", clock: SystemRunClock(), passwordCost: 10)
        for role in Role.allCases { try await access.setUser(role.rawValue, role: role, password: password) }
        let scheduler = withScheduler ? try ProjectScheduler(project, read: { project }) : nil
        return try await TestSite(
            project: project, store: store, access: access, folder: folder, options: options, read: read, scheduler: scheduler)
    }

    private init(
        project: LeatProject, store: SQLiteStore, access: AccessStore, folder: String, options: ServerOptions,
        read: @escaping @Sendable () throws -> LeatProject, scheduler: ProjectScheduler?
    ) async throws {
        self.store = store
        self.access = access
        self.folder = folder
        let server = try WebServer(
            project: CurrentProject(project, read: read), store: store, access: access,
            options: options,
            metrics: ServerMetrics(runs: scheduler?.metrics, slots: scheduler?.scheduler.slots))
        scheduling = scheduler.map { scheduler in Task { try await scheduler.run() } }
        self.server = server
        let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
        let running = Task {
            defer { continuation.finish() }
            try await server.run { continuation.yield($0) }
        }
        self.running = running
        var iterator = addresses.makeAsyncIterator()
        guard let address = await iterator.next() else {
            try await running.value
            preconditionFailure("the server ended before it began")
        }
        base = "http://" + address
    }

    func stop() async throws {
        scheduling?.cancel()
        _ = await scheduling?.result
        running.cancel()
        _ = await running.result
        try store.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    /// A client that is logged in as the user of a role; nil for nobody.
    func client(_ role: Role?) async throws -> TestClient {
        let client = TestClient(base: base)
        guard let role else { return client }
        let answer = try await client.post("/login", ["name": role.rawValue, "password": Self.password])
        precondition(answer.status == 303, "login as \(role) gave \(answer.status)")
        return client
    }

    /// Records a run whose tasks have ended.
    func addRun(
        _ name: String, of pipeline: String = "hourly", state: RunState = .success, tasks: [(String, TaskState)] = [],
        at moment: Timestamp = .now
    ) async throws -> RunRecord {
        let id = RunID(pipeline: PipelineID(pipeline), name: name)
        var run = RunRecord(id: id, request: RunRequest(kind: .manual, name: name), queuedAt: moment)
        let records = tasks.enumerated().map { index, task in
            TaskRecord(result: TaskResult(id: TaskID(task.0)), position: index, group: nil, kind: "empty")
        }
        try await store.create(run, tasks: records, maxActiveRuns: 1000)
        run.state = state
        run.startedAt = moment
        run.finishedAt = state.isFinished ? moment + .seconds(5) : nil
        var changes = RunChanges(id: id, run: run)
        changes.tasks = zip(records, tasks).map { record, task in
            var record = record
            record.result.state = task.1
            record.result.startedAt = moment
            return record
        }
        try await store.record(changes)
        return run
    }
}
