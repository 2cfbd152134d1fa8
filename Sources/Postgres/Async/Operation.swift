/// One statement of a ``Connection`` and the request to cancel it, which may come at any time and from any thread.
///
/// The server ignores a cancel request that arrives between two statements. So the request is repeated until the statement
/// has ended, and the next statement waits until no request is on its way any more, which otherwise would hit it.
final class Operation: Sendable {
    private enum Phase: Sendable {
        case waiting
        case running
        case finished
    }

    private struct State: Sendable {
        var phase = Phase.waiting
        var isCancelled = false
        /// Requests on their way to the server.
        var requests = 0
    }

    /// How long a server may take to obey before the connection is broken off.
    static let patience: Duration = .seconds(5)

    private let handle: CancelHandle
    private let monitor = Monitor(State())

    init(_ handle: CancelHandle) { self.handle = handle }

    var isCancelled: Bool { monitor.update { $0.isCancelled } }

    /// The statement is about to be sent.
    ///
    /// - Returns: false if it was cancelled before: then it must not be sent.
    func begin() -> Bool {
        monitor.update { state in
            guard !state.isCancelled else { return false }
            state.phase = .running
            return true
        }
    }

    /// Cancels what runs or would run. Returns at once.
    func cancel() {
        let isRunning = monitor.update { state in
            defer { state.isCancelled = true }
            return !state.isCancelled && state.phase == .running
        }
        if isRunning { BackgroundThread.start(name: "pg-cancel") { self.insist() } }
    }

    /// The statement has ended. Blocks shortly while a cancel request is on its way.
    ///
    /// - Returns: false if a request is still on its way: the connection must not be used again.
    func end() -> Bool {
        monitor.update { $0.phase = .finished }
        return monitor.wait(atMost: .seconds(2)) { $0.requests == 0 }
    }

    /// On a thread of its own: asks, and asks again, and at last breaks the connection.
    private func insist() {
        let deadline = ContinuousClock.now + Self.patience
        var pause: Duration = .milliseconds(20)
        while ContinuousClock.now < deadline {
            request()
            if monitor.wait(atMost: pause, until: { $0.phase == .finished }) { return }
            pause = min(pause * 2, .milliseconds(500))
        }
        // Under the lock: the connection stays this operation's until `end` has been heard.
        monitor.update { if $0.phase == .running { handle.abort() } }
    }

    /// Sends a request unless one is under way. A thread of its own, since an unreachable host may hold it for minutes.
    private func request() {
        let isNeeded = monitor.update { state in
            guard state.phase == .running, state.requests == 0 else { return false }
            state.requests += 1
            return true
        }
        guard isNeeded else { return }
        BackgroundThread.start(name: "pg-cancel") {
            self.handle.cancel()
            self.monitor.update { $0.requests -= 1 }
        }
    }
}
