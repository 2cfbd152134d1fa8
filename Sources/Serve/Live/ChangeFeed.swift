import GRDB
import Synchronization

/// Tells all open pages when anything in the store has changed, whichever process changed it.
///
/// SQLite counts the commits of others in `data_version`; asking for it costs microseconds, and is done only while somebody listens.
final class ChangeFeed: Sendable {
    private struct Listener {
        let continuation: AsyncStream<Void>.Continuation
        /// What it knows.
        var seen: Int?
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var nextID = 0
        var watch: Task<Void, Never>?
    }

    private let database: DatabaseQueue
    private let interval: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: the store's file, which exists.
    ///   - interval: how often it is looked at.
    init(path: String, interval: Duration = .milliseconds(100)) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(1)
        database = try DatabaseQueue(path: path, configuration: configuration)
        self.interval = interval
    }

    /// An element for each time that something has changed; changes that come faster than they are taken are one.
    /// - Parameter version: what the listener knows already, from ``version()``.
    func changes(since version: Int?) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            state.listeners[id] = Listener(continuation: continuation, seen: version)
            continuation.onTermination = { [weak self] _ in self?.remove(id) }
            if state.watch == nil { state.watch = Task { [weak self] in await self?.run() } }
        }
        return stream
    }

    private func remove(_ id: Int) {
        state.withLock { state in
            state.listeners[id] = nil
            guard state.listeners.isEmpty else { return }
            state.watch?.cancel()
            state.watch = nil
        }
    }

    private func run() async {
        while !Task.isCancelled {
            if let version = await version() { tell(version) }
            try? await Task.sleep(for: interval)
        }
    }

    private func tell(_ version: Int) {
        let behind = state.withLock { state in
            state.listeners.filter { $0.value.seen != version }.map { id, listener in
                state.listeners[id]?.seen = version
                return listener.continuation
            }
        }
        for continuation in behind { continuation.yield() }
    }

    /// A number that is another one after each change.
    func version() async -> Int? {
        try? await database.read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") }
    }
}
