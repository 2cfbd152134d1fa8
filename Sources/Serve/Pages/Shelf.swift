import Orchestrate

/// Keeps what takes long to read for some time; who asks while it is read waits for the same reading.
actor Shelf<Key: Hashable & Sendable, Value: Sendable> {
    private struct Reading {
        let task: Task<Value, any Error>
        let startedAt: Timestamp
    }

    private let clock: any RunClock
    private var readings: [Key: Reading] = [:]
    private let lifetime: Duration

    init(clock: any RunClock, lifetime: Duration = .seconds(30)) {
        self.clock = clock
        self.lifetime = lifetime
    }

    /// What is kept under `key`, or what `read` finds.
    /// - Throws: what `read` throws, also to all who ask while that is kept.
    func value(_ key: Key, _ read: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let now = clock.now()
        if let reading = readings[key], now - reading.startedAt < lifetime { return try await reading.task.value }
        let task = Task { try await read() }
        readings[key] = Reading(task: task, startedAt: now)
        return try await task.value
    }
}
