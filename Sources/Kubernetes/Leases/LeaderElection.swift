/// Sees to it that of several processes that share a lease one leads, as controllers of Kubernetes do it (client-go's leader election).
///
/// No clock of another machine is trusted: a lease has run out when it was seen unchanged for as long as it lasts. Who leads gives up
/// before that, where it cannot renew.
///
/// ```swift
/// let election = LeaderElection(client, lease: "leat", namespace: "leat", holder: "leat-0")
/// try await election.acquire()
/// try await election.keep()  // until it is cancelled, or the lead is lost
/// ```
package actor LeaderElection {
    private let client: KubernetesClient
    private let name: String
    private let namespace: String
    private let holder: String
    private let seconds: Int
    private var held: Lease?

    /// Between two looks, and between two renewals.
    private var pause: Duration { .milliseconds(seconds * 200) }
    /// How long who leads goes on without being able to renew.
    private var patience: Duration { .milliseconds(seconds * 667) }

    /// - Parameters:
    ///   - holder: another name for each process, also for one that begins anew.
    ///   - seconds: how long the lease lasts after it was renewed.
    package init(_ client: KubernetesClient, lease name: String, namespace: String, holder: String, seconds: Int = 15) {
        self.client = client
        self.name = name
        self.namespace = namespace
        self.holder = holder
        self.seconds = seconds
    }

    /// Returns when this process leads.
    /// - Parameter waiting: hears who leads now, when that is another than before.
    /// - Throws: `KubernetesError` where leases must not be read or written; `CancellationError`.
    package func acquire(waiting: (_ holder: String) -> Void = { _ in }) async throws {
        var seen = ""
        var last: String?
        var unchanged = Duration.zero
        while true {
            do {
                let lease = try await client.lease(name, in: namespace)
                if let lease, let other = lease.holder, other != holder {
                    unchanged = lease.metadata.resourceVersion == seen ? unchanged + pause : .zero
                    seen = lease.metadata.resourceVersion
                    if last != other { waiting(other) }
                    last = other
                }
                if lease?.holder == nil || lease?.holder == holder || unchanged >= .seconds(lease?.durationSeconds ?? seconds) {
                    held = try await client.writeLease(
                        name, in: namespace, lease, holder: holder, durationSeconds: seconds)
                    return
                }
            } catch let error as KubernetesError where error.kind == .conflict || error.kind == .alreadyExists || error.isPassing
            {
                // Somebody was faster, or nobody can be asked: the lease is looked at again.
            }
            try await client.clock.sleep(for: pause)
        }
    }

    /// Renews the lease until the task is cancelled.
    /// - Throws: `KubernetesError` with code `kubernetes.lead_lost` where that was not possible in time, or another leads by now.
    package func keep() async throws {
        let clock = ContinuousClock()
        var renewed = clock.now
        while true {
            try await client.clock.sleep(for: pause)
            do {
                let left = renewed + patience - clock.now
                guard left > .zero, let lease = try await renew(within: left) else {
                    held = nil
                    throw KubernetesError(.leadLost, "the lease '\(name)' could not be renewed in time")
                }
                held = lease
                renewed = clock.now
            } catch let error as KubernetesError where error.kind == .conflict || error.isPassing {
                // The answer to a renewal may have been lost; then the lease is ours all the same, in another version.
                guard error.kind == .conflict, let lease = try? await client.lease(name, in: namespace) else { continue }
                if lease.holder != holder {
                    held = nil
                    throw KubernetesError(.leadLost, "'\(lease.holder ?? "nobody")' holds the lease '\(name)' now")
                }
                held = lease
            }
        }
    }

    private func renew(within time: Duration) async throws -> Lease? {
        let (client, name, namespace, holder, seconds, held) = (client, name, namespace, holder, seconds, held)
        return try await withThrowingTaskGroup(of: Lease?.self) { group in
            group.addTask {
                try await client.writeLease(name, in: namespace, held, holder: holder, durationSeconds: seconds)
            }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Gives up the lead, so that the next one need not wait until the lease has run out.
    package func release() async {
        guard let lease = held else { return }
        held = nil
        _ = try? await client.writeLease(name, in: namespace, lease, holder: nil, durationSeconds: 1)
    }
}
