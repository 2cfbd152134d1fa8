import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first cancels the work, which stops the servers' queries and cleans up; the second ends the
/// process at once.
enum Interruption {
    /// What shells expect of a process that Ctrl-C ended.
    static let exitStatus: Int32 = 130

    private static let count = Atomic<Int>(0)

    /// Whether the user asked to stop.
    static var happened: Bool { count.load(ordering: .relaxed) > 0 }

    /// Runs `work` in a task that a signal cancels.
    static func run(_ work: @escaping @Sendable () async -> Int32) async -> Int32 {
        let task = Task { await work() }
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if count.add(1, ordering: .relaxed).newValue > 1 { exit(exitStatus) }
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        return await task.value
    }
}
