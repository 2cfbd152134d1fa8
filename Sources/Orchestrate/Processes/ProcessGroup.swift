import Foundation
import Synchronization

/// A process group, as long as its leader was not waited for.
package final class ProcessGroup: Sendable {
    private let leader: Mutex<pid_t?>
    /// The leader's number.
    package let id: Int32

    init(_ leader: pid_t) {
        self.leader = Mutex(leader)
        id = leader
    }

    /// Sends a signal to all of it.
    package func send(_ signal: Int32) { leader.withLock { leader in if let leader { _ = kill(-leader, signal) } } }

    /// Waits for the leader's end, kills what it leaves behind, and forgets it, so that nobody signals a number that others have.
    func reap() -> Int32 {
        var status: Int32 = 0
        // The number stays the leader's until it is waited for.
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        leader.withLock { leader in
            _ = kill(-id, SIGKILL)
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            leader = nil
        }
        return status
    }
}
