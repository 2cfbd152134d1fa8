/// Follows the log of a container from its beginning to its end.
package struct LogFollower: Sendable {
    private let client: KubernetesClient
    private let pod: String
    private let namespace: String
    private let container: String

    package init(_ client: KubernetesClient, pod: String, namespace: String, container: String) {
        self.client = client
        self.pod = pod
        self.namespace = namespace
        self.container = container
    }

    /// Returns when the container has ended and all that it wrote was told, or when its log is gone.
    ///
    /// A stream that breaks (a connection, a restarted kubelet, a rotated file) is opened again where it stood. Whoever is told
    /// sets the pace: what comes faster waits on the other side.
    /// - Parameters:
    ///   - hasEnded: whether the container is known to have ended.
    ///   - tell: is given each line once.
    /// - Throws: `KubernetesError` where the log must not be read; `CancellationError`.
    package func run(
        hasEnded: @escaping @Sendable () async -> Bool, tell: @escaping @Sendable (LogCursor.Entry) async -> Void
    ) async throws {
        let reader = LogReader(tell)
        var backOff = BackOff()
        var failures = 0
        while true {
            // Asked before: what was written until then is in the stream that is opened after.
            let isLast = await hasEnded()
            let before = await reader.count
            let since = await reader.reopen()
            let request = client.logRequest(
                of: pod, in: namespace, container: container, since: since, follows: !isLast)
            var isBroken = false
            do {
                try await client.readStream(request, silence: nil) { await reader.take($0) }
                if isLast { return await reader.finish() }
                // While the container runs, a rest is half of a line, which comes whole when the log is opened again.
                await reader.drop()
            } catch let error as KubernetesError {
                await reader.drop()
                switch error.kind {
                case .notFound, .unauthorized, .forbidden, .badConfiguration, .badCredentials: throw error
                // The container has not begun, or its file is gone for good.
                case .badRequest where isLast: return
                default: break
                }
                isBroken = true
                failures += 1
                if isLast, failures > 5 { throw error }
            }
            if await reader.count > before { backOff.reset() }
            // The news of the container's end may be on its way.
            if !isBroken, await hasEnded() { continue }
            try await client.clock.sleep(for: backOff.next(chance: client.clock.chance()))
        }
    }
}

/// Takes the pieces of a log.
private actor LogReader {
    private var cursor = LogCursor()
    private var lines = ByteLines(limit: 1 << 20)
    private let tell: @Sendable (LogCursor.Entry) async -> Void
    /// How many lines were told.
    private(set) var count = 0

    init(_ tell: @escaping @Sendable (LogCursor.Entry) async -> Void) { self.tell = tell }

    func reopen() -> String? {
        cursor.reopen()
        return cursor.since
    }

    func take(_ bytes: [UInt8]) async {
        var whole: [[UInt8]] = []
        lines.add(bytes) { whole.append($0) }
        for line in whole { await take(line: line) }
    }

    /// The stream has ended as it should: what came last is a line, with or without a line feed.
    func finish() async {
        if let rest = lines.finish() { await take(line: rest) }
    }

    /// The stream was cut: half a line comes again, whole.
    func drop() { _ = lines.finish() }

    private func take(line: [UInt8]) async {
        guard !line.isEmpty, let entry = cursor.take(line) else { return }
        count += 1
        await tell(entry)
    }
}
