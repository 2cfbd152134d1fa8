import Foundation
package import Processes

/// A program that a task runs, in a process group of its own, so that it ends with all that it has started.
///
/// ```swift
/// let status = try await ChildCommand(["sh", "-c", "ls"]).run { line in print(line.text) }
/// ```
package struct ChildCommand: Sendable {
    /// The program, found on PATH unless it has a slash, and its arguments.
    package var words: [String]
    /// The whole environment.
    package var environment: [String: String]
    /// Where it runs; nil is where this process does.
    package var directory: String?
    /// What it reads on standard input.
    package var input: [UInt8]
    /// How long it has to end by itself when it is asked to.
    package var grace: Duration
    /// What it may use; it is killed where it uses more.
    package var limits = ChildLimits()

    package init(
        _ words: [String], environment: [String: String] = ProcessInfo.processInfo.environment, directory: String? = nil,
        input: [UInt8] = [], grace: Duration = .seconds(5)
    ) {
        self.words = words
        self.environment = environment
        self.directory = directory
        self.input = input
        self.grace = grace
    }

    /// Runs it to its end.
    ///
    /// When the calling task is cancelled, the group is asked to end (SIGTERM) and, after the grace, killed. In any case nothing
    /// of the group is left when this returns.
    /// - Parameters:
    ///   - began: hears of the process group.
    ///   - line: hears each line of output. On a thread of its own.
    /// - Throws: `TaskFailure` where the program cannot be started, or has met one of its limits.
    package func run(
        began: @escaping @Sendable (ProcessGroup) -> Void = { _ in },
        line: @escaping @Sendable (OutputLine) -> Void
    ) async throws -> ExitStatus {
        try Task.checkCancellation()
        let child = try SpawnedChild(self)
        began(child.group)
        let watch = LimitWatch(limits, child.group)
        let watching = watch.map { watch in Task { await watch.run() } }
        defer { watching?.cancel() }
        let status = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: child.attend(line)) }
                thread.stackSize = 256 << 10
                thread.name = "leat.child"
                thread.start()
            }
        } onCancel: {
            child.group.send(SIGTERM)
            let deadline = DispatchTime.now() + .milliseconds(Int(grace.inMicroseconds / 1000))
            DispatchQueue.global().asyncAfter(deadline: deadline) { child.group.send(SIGKILL) }
        }
        if let failure = watch?.failure(status) { throw failure }
        return status
    }
}
