import Documents
import Foundation
package import Kubernetes

/// The pods of one project in a cluster: one watch for each namespace, whatever the number of attempts, and the clearing away of
/// pods that have done their work.
package actor PodCluster {
    package nonisolated let client: KubernetesClient
    package nonisolated let project: String
    private var watches: [String: Watch] = [:]
    private var chores: [Int: Task<Void, Never>] = [:]
    private var choreCount = 0
    private var isClosed = false

    private struct Watch {
        var task: Task<Void, Never>?
        var pods: [String: Pod] = [:]
        var isCaughtUp = false
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var listeners: [String: AsyncThrowingStream<PodTracker.Event, any Error>.Continuation] = [:]
    }

    package init(_ client: KubernetesClient, project: String) {
        self.client = client
        self.project = project
    }

    /// What is seen of a pod from now on, beginning with how it stands, if it is there.
    /// - Throws: `KubernetesError` where the namespace cannot be watched; also within the stream.
    package func sightings(of name: String, in namespace: String) async throws
        -> AsyncThrowingStream<PodTracker.Event, any Error>
    {
        if watches[namespace]?.task == nil { start(namespace) }
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

    private func start(_ namespace: String) {
        guard !isClosed else { return }
        var watch = watches[namespace] ?? Watch()
        let source = PodWatch(client, namespace: namespace, labels: PodIdentity.selector(project: project))
        watch.task = Task { [weak self] in
            do {
                try await source.run { [weak self] in await self?.take($0, in: namespace) }
            } catch {
                await self?.end(namespace, error)
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
        for continuation in watch.waiting { continuation.resume(throwing: error) }
        for listener in watch.listeners.values { listener.finish(throwing: error) }
    }

    // MARK: Clearing away

    /// The end of an attempt is recorded: its pod goes, or stays as long as the settings say.
    package func retire(_ pod: Pod, hasSucceeded: Bool, _ settings: PodSettings) {
        let goes =
            switch settings.deletePolicy {
            case .always: true
            case .onSuccess: hasSucceeded
            case .never: false
            }
        chore { [client] in
            let name = pod.metadata.name
            if goes {
                _ = try? await client.deletePod(name, in: pod.metadata.namespace, uid: pod.metadata.uid, graceSeconds: 0)
                return
            }
            let label = JSON.object(JSON.Members([(PodIdentity.recordedLabel, .string("true"))]))
            var metadata = JSON.Members([("labels", label)])
            if let ttl = settings.ttl {
                let moment = client.clock.now().timeIntervalSince1970 + ttl.inSeconds
                let note = JSON.Members([(PodIdentity.expiryAnnotation, .string(String(Int(moment))))])
                metadata.append("annotations", .object(note))
            }
            _ = try? await client.patchPod(name, in: pod.metadata.namespace, ["metadata": .object(metadata)])
        }
        sweep(pod.metadata.namespace)
    }

    /// Deletes kept pods whose time is over.
    private func sweep(_ namespace: String) {
        let now = Int(client.clock.now().timeIntervalSince1970)
        let expired = pods(in: namespace).filter { pod in
            pod.metadata.labels[PodIdentity.recordedLabel] != nil && pod.metadata.deletedAt == nil
                && pod.metadata.annotations[PodIdentity.expiryAnnotation].flatMap { Int($0) }.map { $0 <= now } == true
        }
        guard !expired.isEmpty else { return }
        chore { [client] in
            for pod in expired {
                _ = try? await client.deletePod(pod.metadata.name, in: namespace, uid: pod.metadata.uid, graceSeconds: 0)
            }
        }
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
