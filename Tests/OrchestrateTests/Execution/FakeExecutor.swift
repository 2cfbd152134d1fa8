import Synchronization

@testable import Orchestrate

/// Does what a closure says.
struct FakeExecutor: TaskExecutor {
    typealias Body = @Sendable (TaskAttempt, @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome

    var startsLater = false
    let body: Body

    init(startsLater: Bool = false, _ body: @escaping Body = { _, _ in .success }) {
        self.startsLater = startsLater
        self.body = body
    }

    func execute(_ attempt: TaskAttempt, report: @escaping @Sendable (TaskReport) -> Void) async throws -> TaskOutcome {
        try await body(attempt, report)
    }

    func beginsAtOnce(_ task: TaskDefinition) -> Bool { !startsLater }
}

/// Collects what several threads give it.
final class Collected<Element: Sendable>: Sendable {
    private let items = Mutex<[Element]>([])
    func add(_ item: Element) { items.withLock { $0.append(item) } }
    var all: [Element] { items.withLock { $0 } }
}

/// A clock that only moves when somebody sleeps: then at once to the moment wanted.
final class JumpingClock: RunClock {
    private let current = Mutex(Timestamp(seconds: 1_700_000_000))

    func now() -> Timestamp { current.withLock { $0 } }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        current.withLock { $0 = max($0, moment) }
    }
}
