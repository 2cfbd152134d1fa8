import Orchestrate

/// What waits for one channel: tells the first thing at once, and what happens within the channel's interval after a message together.
actor ChannelQueue {
    /// What the queue needs of the world.
    struct Surroundings: Sendable {
        /// How the channel is at the moment; nil where it is gone.
        let delivery: @Sendable () async throws -> ChannelDelivery?
        let spool: NotificationSpool
        /// Hears what could not be told, and whether somebody will try again.
        let failed: @Sendable (_ notifications: [Notification], _ failure: TaskFailure, _ isKept: Bool) async -> Void
        /// When a message is tried again.
        let retries: RetryPolicy
    }

    private let surroundings: Surroundings
    private var waiting: [NotificationSpool.Entry] = []
    private var worker: Task<Void, Never>?
    private var pause: Task<Void, Never>?
    private var nextMessage = ContinuousClock.now
    /// Whether the process is about to end, and nothing may take long any more.
    private var isClosing = false

    init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    func add(_ entries: [NotificationSpool.Entry]) {
        waiting += entries
        if worker == nil, !waiting.isEmpty { worker = Task { await work() } }
    }

    /// Sends what waits, without pauses. What cannot be sent stays on disk for the next process.
    func close() async {
        isClosing = true
        pause?.cancel()
        await worker?.value
    }

    /// Ends what is under way; what it was about stays on disk.
    func abandon() {
        worker?.cancel()
        pause?.cancel()
    }

    private func work() async {
        while !waiting.isEmpty, !Task.isCancelled {
            await sleep(until: nextMessage)
            let batch = waiting
            waiting.removeAll()
            await send(batch)
        }
        worker = nil
    }

    private func send(_ batch: [NotificationSpool.Entry]) async {
        var random = SystemRandomNumberGenerator()
        let notifications = batch.map(\.notification)
        var attempt = 1
        while true {
            do {
                guard let delivery = try await surroundings.delivery() else { return finish(batch) }
                nextMessage = ContinuousClock.now + delivery.channel.interval
                try await delivery.send(notifications)
                return finish(batch)
            } catch {
                if Task.isCancelled { return }
                let failure = TaskFailure(error)
                guard failure.isRetryable, attempt <= surroundings.retries.count else {
                    await surroundings.failed(notifications, failure, false)
                    return finish(batch)
                }
                guard !isClosing else { return await surroundings.failed(notifications, failure, true) }
                await sleep(until: .now + surroundings.retries.delay(afterAttempt: attempt, using: &random))
                if Task.isCancelled { return }
                attempt += 1
            }
        }
    }

    private func finish(_ batch: [NotificationSpool.Entry]) { for entry in batch { surroundings.spool.remove(entry) } }

    private func sleep(until moment: ContinuousClock.Instant) async {
        guard !isClosing, moment > .now else { return }
        let pause = Task { _ = try? await Task.sleep(until: moment, clock: .continuous) }
        self.pause = pause
        await withTaskCancellationHandler {
            await pause.value
        } onCancel: {
            pause.cancel()
        }
    }
}
