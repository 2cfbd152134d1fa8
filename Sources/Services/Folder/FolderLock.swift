#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One `leat` at a time. The system gives the lock back when the process ends, however it ends.
enum FolderLock {
    /// Waits for the lock of the file `path` and runs `body` while holding it.
    ///
    /// - Parameter onWait: called once if somebody else has it.
    /// - Throws: what `body` throws, ``ServicesError`` after `patience`, or `CancellationError`.
    static func holding<T>(
        _ path: String, patience: Duration = .seconds(120), onWait: () -> Void = {}, _ body: () async throws -> T
    ) async throws -> T {
        let file = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileSystem.failure("cannot open the lock \(path)") }
        defer { close(file) }
        let deadline = ContinuousClock.now + patience
        var hasTold = false
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if !hasTold { onWait() }
            hasTold = true
            guard ContinuousClock.now < deadline else {
                throw ServicesError(
                    .locked, "another leat has been working on this service for over \(patience.components.seconds) s",
                    hint: "see what it does; the lock is \(path)")
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        return try await body()
    }
}
