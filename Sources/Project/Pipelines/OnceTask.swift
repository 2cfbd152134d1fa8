/// Work that many ask for and that is done once; all wait for its end and hear of its failure.
actor OnceTask {
    private let work: @Sendable () async throws -> Void
    private var task: Task<Void, any Error>?

    init(_ work: @escaping @Sendable () async throws -> Void) { self.work = work }

    /// Whether the work was asked for and ended well. Waits for its end, and begins nothing.
    func hasSucceeded() async -> Bool {
        guard let task else { return false }
        return await (try? task.value) != nil
    }

    /// Does the work, if nobody has yet, and waits for its end. Cancelling who waits cancels the work for all.
    func value() async throws {
        let task = self.task ?? Task { [work] in try await work() }
        self.task = task
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
