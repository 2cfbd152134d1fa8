import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP (a closed terminal): the first cancels the work, which stops the servers' queries and cleans
/// up; the second ends the process at once.
enum Interruption {
    /// What shells expect of a process that Ctrl-C ended.
    static let exitStatus: Int32 = 130

    private static let count = Atomic<Int>(0)

    /// Takes one byte a signal, from the handler to the thread that cancels: a handler may do little more than write, and
    /// a byte is not lost when it comes before anybody reads.
    private static let pipe: (read: Int32, write: Int32) = {
        var ends: (Int32, Int32) = (-1, -1)
        withUnsafeMutableBytes(of: &ends) { _ = Foundation.pipe($0.baseAddress?.assumingMemoryBound(to: Int32.self)) }
        for end in [ends.0, ends.1] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return ends
    }()

    /// Whether the user asked to stop.
    static var happened: Bool { count.load(ordering: .relaxed) > 0 }

    /// Takes the signals over. To be called first of all: before it they end the process, and from then on none is lost.
    static func install() {
        // What the handler reads exists before the first signal comes.
        guard !happened, pipe.write >= 0 else { return }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in
                if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(Interruption.exitStatus) }
                var byte: UInt8 = 0
                _ = Foundation.write(Interruption.pipe.write, &byte, 1)
            }
        }
    }

    /// Runs `work` in a task that a signal cancels.
    static func run(_ work: @escaping @Sendable () async -> Int32) async -> Int32 {
        let task = Task { await work() }
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = Foundation.read(pipe.read, &byte, 1)
                if count == 1 { return task.cancel() }
                if count == 0 || errno != EINTR { return }
            }
        }
        return await task.value
    }
}
