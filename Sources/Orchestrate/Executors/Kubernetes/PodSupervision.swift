import Kubernetes
import Synchronization

/// Follows the pod of one attempt to its end: carries out what the tracker says, passes on what the task tells.
final class PodSupervision: Sendable {
    private let client: KubernetesClient
    private let attempt: TaskAttempt
    private let settings: PodSettings
    private let pod: Pod
    private let report: @Sendable (TaskReport) -> Void
    private let heard: Mutex<Heard>
    private let containerEnd = ContainerEnd()

    /// What the log has told.
    private struct Heard {
        var result: PodResult?
        /// The last lines, for people who read of a failure.
        var tail: [String] = []
        /// What an earlier process has written to the attempt's log already.
        var repeats: [LogLine: Int] = [:]
    }

    /// How long the last of a log may take; longer than a stream that is broken without a word.
    private static let logTime = Duration.seconds(300)
    private static let tailLength = 10

    init(
        client: KubernetesClient, attempt: TaskAttempt, settings: PodSettings, pod: Pod,
        report: @escaping @Sendable (TaskReport) -> Void
    ) {
        self.client = client
        self.attempt = attempt
        self.settings = settings
        self.pod = pod
        self.report = report
        heard = Mutex(Heard())
    }

    /// What moves the loop.
    private enum Signal: Sendable {
        case event(PodTracker.Event)
        case logRead
        case logOverdue
        case failed(any Error)
    }

    /// Returns when the work of the pod has ended and its log is read.
    /// - Throws: `KubernetesError` where the cluster tells nothing any more; `CancellationError`.
    func run(_ sightings: AsyncThrowingStream<PodTracker.Event, any Error>) async throws -> PodEnd {
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                do {
                    for try await event in sightings { continuation.yield(.event(event)) }
                } catch {
                    continuation.yield(.failed(error))
                }
            }
            var tracker = PodTracker(settings: settings)
            var timers: Set<PodTracker.Timer> = []
            var isLogFollowed = false
            var end: PodEnd?
            var pending = tracker.begin()
            var stream = signals.makeAsyncIterator()
            while true {
                for action in pending {
                    switch action {
                    case .note(let text, let isWarning):
                        report(.log(LogLine(text, level: isWarning ? .warning : .info, stream: "kubernetes")))
                    case .waits(let text): report(.progress(TaskProgress(message: text)))
                    case .began:
                        report(.began)
                        if !isLogFollowed {
                            isLogFollowed = true
                            group.addTask { [self] in
                                await followLog()
                                continuation.yield(.logRead)
                            }
                        }
                    case .startTimer(let timer, let time):
                        timers.insert(timer)
                        group.addTask { [clock = client.clock] in
                            guard (try? await clock.sleep(for: time)) != nil else { return }
                            continuation.yield(.event(.timer(timer)))
                        }
                    case .stopTimer(let timer): timers.remove(timer)
                    case .lookAtNode(let name):
                        group.addTask { [self] in
                            if let event = await look(at: name) { continuation.yield(.event(event)) }
                        }
                    case .end(let ended):
                        end = ended
                        containerEnd.announce()
                        guard isLogFollowed else { return ended }
                        group.addTask { [clock = client.clock] in
                            try? await clock.sleep(for: Self.logTime)
                            continuation.yield(.logOverdue)
                        }
                    }
                }
                pending = []
                guard let signal = await stream.next() else { throw CancellationError() }
                try Task.checkCancellation()
                switch signal {
                case .event(.timer(let timer)) where !timers.contains(timer): break
                case .event(let event): pending = tracker.handle(event)
                case .logRead, .logOverdue: if let end { return end }
                case .failed(let error): if end == nil { throw error }
                }
            }
        }
    }

    private func look(at node: String) async -> PodTracker.Event? {
        do {
            return .node(try await client.node(node))
        } catch let error as KubernetesError where error.kind == .forbidden {
            // Then the cluster itself takes the pod away in the end.
            return nil
        } catch {
            guard (try? await client.clock.sleep(for: .seconds(30))) != nil else { return nil }
            return .timer(.node)
        }
    }

    // MARK: Log

    private func followLog() async {
        let earlier = earlierLines()
        heard.withLock { $0.repeats = earlier }
        do {
            try await LogFollower(
                client, pod: pod.metadata.name, namespace: pod.metadata.namespace, container: PodBuilder.containerName
            ).run(until: containerEnd, tell: { [self] in take($0) })
        } catch let error as KubernetesError {
            report(
                .log(
                    LogLine(
                        (["the log cannot be read: \(error.message)"] + error.details).joined(separator: "; "), level: .warning,
                        stream: "kubernetes")))
        } catch {}
    }

    private func take(_ entry: LogCursor.Entry) {
        let time = Timestamp(microseconds: Int64(entry.time / 1000))
        switch PodMessage(line: entry.text) {
        case .result(let result): heard.withLock { $0.result = result }
        case .progress(let progress): report(.progress(progress))
        case .log(var line):
            line.time = time
            pass(line)
        case nil: pass(LogLine(entry.text, stream: "pod", time: time))
        }
    }

    private func pass(_ line: LogLine) {
        let isNew = heard.withLock { heard in
            if heard.tail.count >= Self.tailLength { heard.tail.removeFirst() }
            heard.tail.append(String(line.text.prefix(500)))
            guard let count = heard.repeats[line] else { return true }
            heard.repeats[line] = count > 1 ? count - 1 : nil
            return false
        }
        if isNew { report(.log(line)) }
    }

    /// What the attempt's log holds already of the pod's, if another process has begun it.
    private func earlierLines() -> [LogLine: Int] {
        guard attempt.resumption != .none, let path = attempt.logPath else { return [:] }
        var lines: [LogLine: Int] = [:]
        var reader = AttemptLogReader(path: path)
        while let piece = reader.next() { for line in piece where line.stream != "kubernetes" { lines[line, default: 0] += 1 } }
        return lines
    }

    // MARK: Result

    /// What the end means for the task.
    func result(of end: PodEnd) async -> Result<TaskOutcome, TaskFailure> {
        let (logged, tail) = heard.withLock { ($0.result, $0.tail) }
        switch end {
        case .success(let message):
            if let result = told(message) ?? logged { return result.result }
            return .failure(
                TaskFailure(
                    "the container ended well, but left no result", code: "kubernetes.no_result",
                    hint: "the image must have leat as its entry point, of the same version as the scheduler", details: tail))
        case .exited(let failure, let message):
            // The task has said itself what went wrong.
            if let result = told(message) ?? logged, case .failure = result.result { return result.result }
            return .failure(with(failure, tail))
        case .failure(let failure): return .failure(with(failure, await words(of: failure)))
        case .infrastructure(let failure): return .failure(failure)
        }
    }

    private func told(_ message: String?) -> PodResult? { message.flatMap { PodResult(terminationMessage: $0) } }

    private func with(_ failure: TaskFailure, _ details: [String]) -> TaskFailure {
        var failure = failure
        failure.details += details.filter { !failure.details.contains($0) }
        return failure
    }

    /// What the cluster has told of a pod that did not begin.
    private func words(of failure: TaskFailure) async -> [String] {
        guard ["kubernetes.startup_timeout", "kubernetes.pod_failed", "kubernetes.container"].contains(failure.code),
            let events = try? await client.events(of: pod.metadata.uid, in: pod.metadata.namespace)
        else { return [] }
        return events.filter(\.isWarning).suffix(3).map { "\($0.reason): \($0.message)" }
    }
}
