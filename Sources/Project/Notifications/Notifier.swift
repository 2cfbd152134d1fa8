import Diagnostics
import Documents
import Orchestrate

/// Tells people what happens in runs, through the channels that leat.yml names.
///
/// Runs wait for nothing of it: they hand over what has happened, and a task of the notifier's own does the rest.
final class Notifier: RunObserver {
    private typealias News = (event: RunEvent, run: ObservedRun)

    private let news: AsyncStream<News>.Continuation
    private let worker: Task<Void, Never>
    private let desk: NotificationDesk

    /// How long the end of the process waits for messages on their way.
    static let patience = Duration.seconds(20)

    /// - Parameters:
    ///   - project: the project as it is at the moment.
    ///   - problem: hears what could not be told.
    init(
        store: any ProjectStoring, project: @escaping @Sendable () -> LeatProject,
        retries: RetryPolicy = RetryPolicy(count: 6, delay: .seconds(1), backoff: 3, jitter: 0.2, maximumDelay: .seconds(300)),
        problem: @escaping @Sendable (any UserFacingError) -> Void
    ) {
        let (stream, continuation) = AsyncStream.makeStream(of: News.self)
        let desk = NotificationDesk(store: store, project: project, retries: retries, problem: problem)
        news = continuation
        self.desk = desk
        worker = Task {
            await desk.takeOver()
            for await item in stream { await desk.take(item.event, of: item.run) }
        }
    }

    func observe(_ event: RunEvent, of run: ObservedRun) {
        switch event.kind {
        case .taskRetrying, .taskFinished, .taskLate, .runLate, .runRecovered, .runFinished: news.yield((event, run))
        case .runStarted, .taskQueued, .taskStarted, .taskProgress, .taskLog, .taskLogOmitted: break
        }
    }

    func drain() async {
        news.finish()
        await worker.value
        await desk.close(within: Self.patience)
    }
}

/// Decides who hears of what, and keeps the queues of the channels.
actor NotificationDesk {
    private let store: any ProjectStoring
    private let project: @Sendable () -> LeatProject
    private let retries: RetryPolicy
    private let problem: @Sendable (any UserFacingError) -> Void
    private let spool: NotificationSpool
    private var queues: [String: ChannelQueue] = [:]
    /// Who was told that a run makes good what the one before it did not: its success is no further news to them.
    private var recovered: [RunID: Set<String>] = [:]

    init(
        store: any ProjectStoring, project: @escaping @Sendable () -> LeatProject, retries: RetryPolicy,
        problem: @escaping @Sendable (any UserFacingError) -> Void
    ) {
        self.store = store
        self.project = project
        self.retries = retries
        self.problem = problem
        spool = NotificationSpool(folder: project().directory + "/.leat/notifications")
    }

    /// Goes on with what processes have left that are gone.
    func takeOver() async {
        for (channel, entries) in Dictionary(grouping: spool.adopt(), by: \.channel) { await queue(channel).add(entries) }
    }

    func take(_ event: RunEvent, of run: ObservedRun) async {
        let project = project()
        guard var notification = Notification(event, of: run, project: project.name, masked: { project.hidden.masked($0) }) else {
            if case .runFinished = event.kind { recovered[event.run] = nil }
            return
        }
        var channels = project.channels(for: notification)
        if notification.task == nil, notification.event == .recovery { recovered[event.run] = Set(channels) }
        if case .runFinished = event.kind, let told = recovered.removeValue(forKey: event.run) {
            channels.removeAll { told.contains($0) }
        }
        for name in channels {
            guard let channel = project.channels.first(where: { $0.name == name }) else { continue }
            notification.text = await text(of: notification, for: channel, run, project)
            await queue(name).add([spool.add(notification, channel: name)])
        }
    }

    /// Sends what is on its way, as far as the time goes. The rest waits on disk for the next process.
    func close(within patience: Duration) async {
        let queues = Array(queues.values)
        let watch = Task {
            try? await Task.sleep(for: patience)
            if !Task.isCancelled { for queue in queues { await queue.abandon() } }
        }
        await withDiscardingTaskGroup { group in for queue in queues { group.addTask { await queue.close() } } }
        watch.cancel()
    }

    private func queue(_ name: String) -> ChannelQueue {
        if let queue = queues[name] { return queue }
        let queue = ChannelQueue(
            ChannelQueue.Surroundings(
                delivery: { [store, project] in
                    let project = project()
                    guard let channel = project.channels.first(where: { $0.name == name }) else { return nil }
                    let values = try await project.values(for: channel.templates.map(\.text), store)
                    return ChannelDelivery(channel: channel, project: project, values: values)
                },
                spool: spool, failed: { [weak self] in await self?.note($0, $1, isKept: $2, channel: name) }, retries: retries))
        queues[name] = queue
        return queue
    }

    /// What is said of an event: the channel's own words, or where these fail Leat's, for a mistake in them must not hide a failure.
    private func text(
        of notification: Notification, for channel: ChannelEntry, _ run: ObservedRun, _ project: LeatProject
    ) async -> String {
        let standard = "[\(project.name)] " + notification.sentence
        guard let template = channel.text else { return standard }
        do {
            let values = try await project.values(for: [template.text], store)
            let globals = NotificationGlobals([notification], text: standard, first: notification, of: run, values: values)
            return project.hidden.masked(try TaskRenderer.text(template, globals, project.hidden))
        } catch {
            let failure = TaskFailure(error)
            problem(
                ProjectError(
                    .template, "the text of the channel '\(channel.name)' cannot be rendered: \(failure.message)",
                    location: template.location, hint: failure.hint))
            return standard
        }
    }

    private func note(_ notifications: [Notification], _ failure: TaskFailure, isKept: Bool, channel: String) async {
        let project = project()
        let count = notifications.count
        let what = "\(count) notification\(count == 1 ? "" : "s") could not be sent through the channel '\(channel)'"
        let message = project.hidden.masked("\(what): \(failure.message)")
        problem(
            ProjectError(
                .notification, message, location: project.channels.first { $0.name == channel }?.location,
                hint: isKept ? "the next `leat serve` tries again" : failure.hint.map { project.hidden.masked($0) },
                details: failure.details.map { project.hidden.masked($0) }))
        guard !isKept else { return }
        for notification in notifications.prefix(100) {
            try? await store.note(
                AuditEntry(
                    author: .scheduler, action: "notification_failed", pipeline: notification.run.pipeline,
                    run: notification.run.name, task: notification.task,
                    details: ["channel": .string(channel), "error": .string(message), "text": .string(notification.text)]))
        }
    }
}
