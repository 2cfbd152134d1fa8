import Dispatch
import Foundation
import Postgres

/// A statement that is a transaction of its own, so that it can be sent again where the server has undone it.
///
/// `drop ... cascade` locks what is built on the relation, and that in an order which nobody can choose: two of them
/// that share dependents meet in a deadlock, which the server ends after a second by undoing one. So they go one after
/// the other; and where others hold such locks, the one that was undone is sent again.
struct StandaloneStatement {
    private let sql: String

    private static let attempts = 5
    /// Statements that end transactions themselves, or do what no transaction undoes.
    private static let ending: Set<Substring> = [
        "begin", "start", "commit", "end", "rollback", "abort", "prepare", "call", "do", "concurrently", "vacuum", "dblink_exec",
    ]

    init(_ sql: String) { self.sql = sql }

    private var words: [Substring] { sql.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") } }

    private var isCascade: Bool {
        let start = sql.utf8.drop { $0 <= 0x20 }.prefix(4)
        return start.elementsEqual("drop".utf8) && words.last == "cascade"
    }

    private var isRepeatable: Bool { !words.contains(where: Self.ending.contains) }

    /// Runs the statement, again where a deadlock or another transaction has undone it.
    ///
    /// - Parameter turn: who may drop with `cascade` now.
    func run<T>(turn: CascadeTurn, _ cancellation: CancellationSwitch, _ body: () throws -> T) throws -> T {
        let isCascade = isCascade
        var attempt = 1
        while true {
            do {
                return try isCascade ? turn.take(body) : body()
            } catch let error as PostgresError where attempt < Self.attempts && Self.isUndone(error) && isRepeatable {
                try cancellation.check()
                Thread.sleep(forTimeInterval: Double(attempt) * Double.random(in: 0.01...0.05))
                attempt += 1
            }
        }
    }

    private static func isUndone(_ error: PostgresError) -> Bool {
        error.sqlState == .deadlockDetected || error.sqlState == .serializationFailure
    }
}

/// Lets the workers' drops with `cascade` go one after the other.
final class CascadeTurn: Sendable {
    /// Held by threads that wait for the server anyway, never by a task of the cooperative pool.
    private let semaphore = DispatchSemaphore(value: 1)

    /// Waits for the turn, but not for long: the one before may be waiting for somebody else's locks.
    func take<T>(_ body: () throws -> T) rethrows -> T {
        let isMine = semaphore.wait(timeout: .now() + .milliseconds(500)) == .success
        defer { if isMine { semaphore.signal() } }
        return try body()
    }
}
