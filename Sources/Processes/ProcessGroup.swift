import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A process group, as long as its leader was not waited for.
package final class ProcessGroup: Sendable {
    private let leader: Mutex<pid_t?>
    /// The leader's number.
    package let id: Int32

    init(_ leader: pid_t) {
        self.leader = Mutex(leader)
        id = leader
    }

    /// Sends a signal to all of it; to nobody once its leader was waited for.
    package func send(_ signal: Int32) { leader.withLock { leader in if let leader { _ = kill(-leader, signal) } } }

    /// Whether the leader has ended, without waiting for it.
    package var hasEnded: Bool {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT | WNOHANG) == 0 else { return true }
        // Where nothing has ended, the answer stays empty.
        return info.si_signo != 0
    }

    /// Waits for the leader's end, kills what it leaves behind, and forgets it, so that nobody signals a number that others have.
    ///
    /// Blocks. To be called once.
    package func reap() -> ExitStatus {
        // The number stays the leader's until it is waited for.
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        var status: Int32 = 0
        leader.withLock { leader in
            _ = kill(-id, SIGKILL)
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            leader = nil
        }
        return ExitStatus(waitStatus: status)
    }
}
