/// Follows the log of a container from its beginning to its end.
package struct LogFollower: Sendable {
    private let client: KubernetesClient
    private let pod: String
    private let namespace: String
    private let container: String

    /// How long nothing may come of a container that has ended, until its log is read anew: the stream that was open may be one of
    /// which nobody has said that it broke. While a container runs it may be silent as long as it likes.
    private static let lastSilence = Duration.seconds(120)

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
    ///   - end: of the container.
    ///   - tell: is given each line once.
    /// - Throws: `KubernetesError` where the log must not be read; `CancellationError`.
    package func run(
        until end: ContainerEnd, tell: @escaping @Sendable (LogCursor.Entry) async -> Void
    ) async throws {
        let reader = LogReader(tell)
        var backOff = BackOff()
        var failures = 0
        while true {
            // Asked before: what was written until then is in the stream that is opened after.
            let isLast = end.isKnown
            let before = await reader.count
            let since = await reader.reopen()
            let request = client.logRequest(
                of: pod, in: namespace, container: container, since: since, follows: !isLast)
            var isBroken = false
            do {
                try await client.readStream(request, silence: Self.lastSilence, after: isLast ? nil : end) {
                    await reader.take($0)
                }
                if isLast { return await reader.finish() }
                // While the container runs, a rest is half of a line, which comes whole when the log is opened again.
                await reader.drop()
            } catch is StreamSilent {
                await reader.drop()
                isBroken = isLast
                failures += 1
                if isLast, failures > 5 { throw KubernetesError(.unreachable, "nothing was heard on the stream of a log") }
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
            if !isBroken, end.isKnown { continue }
            try await client.clock.sleep(for: backOff.next(chance: client.clock.chance()))
        }
    }
}

/// Takes the pieces of a log.
private actor LogReader {
    private var cursor = LogCursor()
    /// What a task gives back may be a line of some megabytes.
    private var lines = ByteLines(limit: 16 << 20)
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
