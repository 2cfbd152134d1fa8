import Foundation

/// Watches the pods of a namespace, for as long as it runs.
package struct PodWatch: Sendable {
    private let client: KubernetesClient
    private let namespace: String
    private let labels: String

    /// - Parameter labels: which pods, as a label selector.
    package init(_ client: KubernetesClient, namespace: String, labels: String) {
        self.client = client
        self.namespace = namespace
        self.labels = labels
    }

    package enum News: Sendable {
        case change(Change<Pod>)
        /// All pods that are there have been told.
        case caughtUp
    }

    /// Tells all pods that are there, and then each change, until the task is cancelled.
    /// - Throws: `KubernetesError` where there is no use in going on: a right is missing, or the namespace.
    package func run(_ tell: @escaping @Sendable (News) async -> Void) async throws {
        let clock = client.clock
        var machine = WatchMachine<Pod> { clock.chance() }
        var pending = machine.handle(.started)
        while !pending.isEmpty {
            var following: [WatchMachine<Pod>.Action] = []
            for action in pending {
                switch action {
                case .tell(let change): await tell(.change(change))
                case .caughtUp: await tell(.caughtUp)
                case .fail(let error): throw error
                case .wait(let pause):
                    try await clock.sleep(for: pause)
                    following += machine.handle(.waited)
                case .list(let next): following += machine.handle(try await list(next))
                case .watch(let version, let seconds):
                    let begun = clock.now()
                    let (ending, watched) = try await watch(from: version, seconds, machine, tell)
                    machine = watched
                    if clock.now().timeIntervalSince(begun) >= 10 { _ = machine.handle(.lasted) }
                    following += machine.handle(ending)
                }
            }
            pending = following
        }
    }

    private func list(_ next: String?) async throws -> WatchMachine<Pod>.Event {
        do {
            return .listed(try await client.podPage(in: namespace, labels: labels, next: next))
        } catch let error as KubernetesError {
            return .listFailed(error)
        }
    }

    /// Reads one watch to its end.
    /// - Returns: how it ended, and the machine as it stands then.
    private func watch(
        from version: String, _ seconds: Int, _ machine: WatchMachine<Pod>, _ tell: @escaping @Sendable (News) async -> Void
    ) async throws -> (WatchMachine<Pod>.Event, WatchMachine<Pod>) {
        var request = APIRequest(
            .get, "/api/v1/namespaces/\(APIRequest.encoded(namespace))/pods", verb: "watch", resource: "pods",
            namespace: namespace)
        request.query = [
            ("labelSelector", labels), ("watch", "1"), ("allowWatchBookmarks", "true"), ("resourceVersion", version),
            ("timeoutSeconds", String(seconds)),
        ]
        let reader = WatchReader(machine, tell)
        do {
            try await client.readStream(request, silence: .seconds(seconds + 15)) { try await reader.take($0) }
            // What was cut within an object is told again by the next watch, which begins at the last whole one.
            return (.ended, await reader.machine)
        } catch is StreamSilent {
            return (.silent, await reader.machine)
        } catch let end as WatchEnd {
            return (end.event, await reader.machine)
        } catch let error as KubernetesError {
            return (.broke(error), await reader.machine)
        }
    }
}

/// Why a watch is not read further.
private struct WatchEnd: Error {
    let event: WatchMachine<Pod>.Event
}

/// Takes the pieces of one watch.
private actor WatchReader {
    private(set) var machine: WatchMachine<Pod>
    /// An object has 3 MB at the most.
    private var lines = ByteLines(limit: 16 << 20)
    private let tell: @Sendable (PodWatch.News) async -> Void

    init(_ machine: WatchMachine<Pod>, _ tell: @escaping @Sendable (PodWatch.News) async -> Void) {
        self.machine = machine
        self.tell = tell
    }

    func take(_ bytes: [UInt8]) async throws {
        var whole: [[UInt8]] = []
        lines.add(bytes) { whole.append($0) }
        for line in whole where !line.isEmpty {
            guard let line = WatchLine(parsing: line) else {
                throw WatchEnd(event: .broke(KubernetesError(.badAnswer, "a watch sent what is no event")))
            }
            if case .failure = line { throw WatchEnd(event: .line(line)) }
            for action in machine.handle(.line(line)) {
                if case .tell(let change) = action { await tell(.change(change)) }
            }
        }
    }
}
