import Synchronization

/// The workers of an invocation; who needs one waits in turn.
final class WorkerPool: Sendable {
    private struct State {
        var idle: [Worker] = []
        var all: [Worker] = []
        var waiting: [(id: Int, continuation: CheckedContinuation<Worker?, Never>)] = []
        var nextID = 0
    }

    private let limit: Int
    private let credentials: Credentials
    private let cache: RelationCache
    private let state = Mutex(State())

    init(limit: Int, credentials: Credentials, cache: RelationCache) {
        self.limit = limit
        self.credentials = credentials
        self.cache = cache
    }

    /// Lends a worker for the time of `body`.
    ///
    /// - Throws: `CancellationError` where the task is cancelled while it waits.
    func withWorker<T: Sendable>(_ body: (Worker) async throws -> T) async throws -> T {
        let worker = try await lease()
        do {
            let value = try await body(worker)
            release(worker)
            return value
        } catch {
            release(worker)
            throw error
        }
    }

    private func lease() async throws -> Worker {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let worker: Worker? = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Worker?, Never>) in
                // Cancelled before the wait began: the handler found nobody to wake.
                let immediate: Worker?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let worker = state.idle.popLast() { return .some(worker) }
                    if state.all.count < limit {
                        let worker = Worker(number: state.all.count + 1, credentials: credentials, cache: cache)
                        state.all.append(worker)
                        return .some(worker)
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Worker?, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiting.remove(at: index).continuation
            }
            waiter?.resume(returning: nil)
        }
        guard let worker else { throw CancellationError() }
        return worker
    }

    private func release(_ worker: Worker) {
        let next: CheckedContinuation<Worker?, Never>? = state.withLock { state in
            if state.waiting.isEmpty {
                state.idle.append(worker)
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: worker)
    }

    /// Closes all connections.
    func close() async {
        let workers = state.withLock { state in
            defer { (state.idle, state.all) = ([], []) }
            return state.all
        }
        for worker in workers { await worker.close() }
    }
}
