import Documents
import Foundation
package import Kubernetes

/// The pods of one project in a cluster: one watch for each namespace, whatever the number of attempts, and the clearing away of
/// pods that have done their work.
package actor PodCluster {
    package nonisolated let client: KubernetesClient
    package nonisolated let project: String
    private nonisolated let store: String
    /// Which of some attempts are not under way in the records.
    package typealias Judge = @Sendable ([RunID: Set<AttemptKey>]) async throws -> [RunID: Set<AttemptKey>]
    private let ended: Judge
    private var watches: [String: Watch] = [:]
    private var chores: [Int: Task<Void, Never>] = [:]
    private var choreCount = 0
    private var isClosed = false

    /// How often pods are looked for that nobody sees to any more.
    private static let lookTime = Duration.seconds(120)

    private struct Watch {
        var looking: Task<Void, Never>?
        var task: Task<Void, Never>?
        var pods: [String: Pod] = [:]
        var isCaughtUp = false
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var listeners: [String: AsyncThrowingStream<PodTracker.Event, any Error>.Continuation] = [:]
    }

    /// - Parameters:
    ///   - store: tells the records of the project from others of the same project, on other machines.
    ///   - ended: says which of some attempts are not under way in the records.
    package init(_ client: KubernetesClient, project: String, store: String, ended: @escaping Judge) {
        self.client = client
        self.project = project
        self.store = store
        self.ended = ended
    }

    nonisolated func identity(of attempt: TaskAttempt) -> PodIdentity {
        PodIdentity(project: project, store: store, run: attempt.run.id, key: attempt.key)
    }

    /// What is seen of a pod from now on, beginning with how it stands, if it is there.
    /// - Throws: `KubernetesError` where the namespace cannot be watched; also within the stream.
    package func sightings(of name: String, in namespace: String) async throws
        -> AsyncThrowingStream<PodTracker.Event, any Error>
    {
        watch(namespace)
        if watches[namespace]?.isCaughtUp != true {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                // What is closed or has failed meanwhile answers nobody.
                if watches[namespace]?.task == nil {
                    continuation.resume(throwing: CancellationError())
                } else {
                    watches[namespace]?.waiting.append(continuation)
                }
            }
        }
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: PodTracker.Event.self)
        watches[namespace]?.listeners[name] = continuation
        if let pod = watches[namespace]?.pods[name] { continuation.yield(.pod(pod)) }
        return stream
    }

    /// Nobody listens for this pod any more.
    package func forget(_ name: String, in namespace: String) { watches[namespace]?.listeners[name] = nil }

    /// All pods of the project in a namespace that is watched.
    package func pods(in namespace: String) -> [Pod] {
        (watches[namespace]?.pods.values).map { $0.sorted { $0.metadata.name < $1.metadata.name } } ?? []
    }

    /// Watches a namespace from now on.
    func watch(_ namespace: String) { if watches[namespace]?.task == nil { start(namespace) } }

    private func start(_ namespace: String) {
        guard !isClosed else { return }
        var watch = watches[namespace] ?? Watch()
        let source = PodWatch(client, namespace: namespace, labels: PodIdentity.selector(project: project, store: store))
        watch.task = Task { [weak self] in
            do {
                try await source.run { [weak self] in await self?.take($0, in: namespace) }
            } catch {
                await self?.end(namespace, error)
            }
        }
        watch.looking = Task { [weak self, clock = client.clock] in
            while (try? await clock.sleep(for: Self.lookTime)) != nil {
                guard let self else { return }
                await self.sweep(namespace)
            }
        }
        watches[namespace] = watch
    }

    private func take(_ news: PodWatch.News, in namespace: String) {
        switch news {
        case .caughtUp:
            watches[namespace]?.isCaughtUp = true
            let waiting = watches[namespace]?.waiting ?? []
            watches[namespace]?.waiting = []
            for continuation in waiting { continuation.resume() }
            sweep(namespace)
        case .change(let change):
            let pod = change.object
            let listener = watches[namespace]?.listeners[pod.metadata.name]
            if change.kind == .deleted {
                watches[namespace]?.pods[pod.metadata.name] = nil
                listener?.yield(.deleted(pod, isSeen: change.isSeen))
            } else {
                watches[namespace]?.pods[pod.metadata.name] = pod
                listener?.yield(.pod(pod))
            }
        }
    }

    private func end(_ namespace: String, _ error: any Error) {
        guard let watch = watches.removeValue(forKey: namespace) else { return }
        watch.looking?.cancel()
        for continuation in watch.waiting { continuation.resume(throwing: error) }
        for listener in watch.listeners.values { listener.finish(throwing: error) }
    }

    // MARK: Clearing away

    /// The end of an attempt is recorded: its pod goes, or stays as long as the settings say.
    package func retire(_ pod: Pod, hasSucceeded: Bool, _ policy: PodSettings.DeletePolicy, ttl: Duration?) {
        chore { [client] in await Self.retire(pod, hasSucceeded: hasSucceeded, policy, ttl: ttl, client) }
        // Not at the end of each attempt what asks the records about all of them.
        sweep(pod.metadata.namespace, looksForUnseen: false)
    }

    private static func retire(
        _ pod: Pod, hasSucceeded: Bool, _ policy: PodSettings.DeletePolicy, ttl: Duration?, _ client: KubernetesClient
    ) async {
        let goes =
            switch policy {
            case .always: true
            case .onSuccess: hasSucceeded
            case .never: false
            }
        let name = pod.metadata.name
        if goes {
            _ = try? await client.deletePod(name, in: pod.metadata.namespace, uid: pod.metadata.uid, graceSeconds: 0)
            return
        }
        let label = JSON.object(JSON.Members([(PodIdentity.recordedLabel, .string("true"))]))
        var metadata = JSON.Members([("labels", label)])
        if let ttl {
            let moment = client.clock.now().timeIntervalSince1970 + ttl.inSeconds
            let note = JSON.Members([(PodIdentity.expiryAnnotation, .string(String(Int(moment))))])
            metadata.append("annotations", .object(note))
        }
        _ = try? await client.patchPod(name, in: pod.metadata.namespace, ["metadata": .object(metadata)])
    }

    /// Deletes kept pods whose time is over, and sees to those whose attempts are over without anybody who waits for them: a run that
    /// was killed leaves such.
    private func sweep(_ namespace: String, looksForUnseen: Bool = true) {
        let now = Int(client.clock.now().timeIntervalSince1970)
        var expired: [Pod] = []
        var unseen: [Pod] = []
        for pod in pods(in: namespace) where pod.metadata.deletedAt == nil {
            if pod.metadata.labels[PodIdentity.recordedLabel] == nil {
                if looksForUnseen, watches[namespace]?.listeners[pod.metadata.name] == nil { unseen.append(pod) }
            } else if let moment = pod.metadata.annotations[PodIdentity.expiryAnnotation].flatMap({ Int($0) }), moment <= now {
                expired.append(pod)
            }
        }
        guard !expired.isEmpty || !unseen.isEmpty else { return }
        let (old, doubtful) = (expired, unseen)
        chore { [client, ended] in
            for pod in old {
                _ = try? await client.deletePod(pod.metadata.name, in: namespace, uid: pod.metadata.uid, graceSeconds: 0)
            }
            var attempts: [RunID: Set<AttemptKey>] = [:]
            for pod in doubtful {
                if let (run, key) = PodIdentity.attempt(of: pod) { attempts[run, default: []].insert(key) }
            }
            guard !attempts.isEmpty, let over = try? await ended(attempts) else { return }
            for pod in doubtful {
                guard let (run, key) = PodIdentity.attempt(of: pod), over[run]?.contains(key) == true else { continue }
                await Self.end(pod, client)
            }
        }
    }

    /// Does with the pod of an attempt that is over what its annotations say; one that still runs is ended.
    private static func end(_ pod: Pod, _ client: KubernetesClient) async {
        guard pod.phase == .succeeded || pod.phase == .failed else {
            _ = try? await client.deletePod(pod.metadata.name, in: pod.metadata.namespace, uid: pod.metadata.uid)
            return
        }
        let notes = pod.metadata.annotations
        let policy = notes[PodIdentity.deleteAnnotation].flatMap { PodSettings.DeletePolicy(rawValue: $0) } ?? .always
        await retire(
            pod, hasSucceeded: pod.phase == .succeeded, policy,
            ttl: notes[PodIdentity.ttlAnnotation].flatMap { Int($0) }.map { .seconds($0) }, client)
    }

    private func chore(_ body: @escaping @Sendable () async -> Void) {
        guard !isClosed else { return }
        choreCount += 1
        let number = choreCount
        chores[number] = Task {
            await body()
            chores[number] = nil
        }
    }

    /// Finishes what is being cleared away, ends the watches and closes the client.
    package func close() async {
        isClosed = true
        for chore in chores.values { await chore.value }
        for (namespace, watch) in watches {
            watch.task?.cancel()
            await watch.task?.value
            end(namespace, CancellationError())
        }
        try? await client.shutdown()
    }
}
