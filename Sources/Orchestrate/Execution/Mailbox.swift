import Synchronization

/// What the parts of a run tell its loop. One takes, any number send, from any thread.
///
/// Unlike an `AsyncStream` it goes on after the taking task was cancelled, for a cancelled run still has to end in order.
final class Mailbox: Sendable {
    enum Signal: Sendable {
        case attemptEnded(AttemptKey, Result<TaskOutcome, TaskFailure>)
        case report(AttemptKey, TaskReport)
        case wake
        case cancel
        case command(RunCommand)
        case slotsGranted(TaskID)
        case pastChecked(TaskID, waitsBecause: String?)
    }

    struct Batch: Sendable {
        var signals: [Signal] = []
        /// How many log lines were left out because too many waited.
        var omittedLines = 0
    }

    private struct State {
        var batch = Batch()
        var waitingLines = 0
        var taker: CheckedContinuation<Void, Never>?
    }

    /// More log lines than these do not wait in memory; they are in the log file anyway.
    private static let maximumWaitingLines = 4096

    private let state = Mutex(State())

    func send(_ signal: Signal) {
        let taker = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .report(_, .log) = signal {
                if state.waitingLines >= Self.maximumWaitingLines {
                    state.batch.omittedLines += 1
                    return nil
                }
                state.waitingLines += 1
            }
            state.batch.signals.append(signal)
            return state.taker.take()
        }
        taker?.resume()
    }

    /// Everything sent since the last call, waiting until there is something.
    func take() async -> Batch {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.batch.signals.isEmpty {
                    state.taker = continuation
                    return false
                }
                return true
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            defer {
                state.batch = Batch()
                state.waitingLines = 0
            }
            return state.batch
        }
    }
}
