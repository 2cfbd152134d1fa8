import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program whose output is read line by line, in a process group of its own, so that it ends with all that it has started.
///
/// For one thread that may block; others may only use ``group``.
final class ChildProcess {
    /// The process group, as long as the child was not waited for.
    final class Group: Sendable {
        private let leader: Mutex<pid_t?>
        init(_ leader: pid_t) { self.leader = Mutex(leader) }

        func send(_ signal: Int32) { leader.withLock { leader in if let leader { _ = kill(-leader, signal) } } }

        /// Waits for the leader's end and forgets it, so that nobody signals a number that others may have by then.
        fileprivate func reap(_ leader: pid_t) -> Int32 {
            var status: Int32 = 0
            // What the child has left behind ends with it.
            self.leader.withLock { _ = kill(-($0 ?? leader), SIGKILL) }
            while waitpid(leader, &status, 0) < 0, errno == EINTR {}
            self.leader.withLock { $0 = nil }
            return status
        }
    }

    let group: Group
    private let leader: pid_t
    private var output: LineBuffer
    private var errors: LineBuffer
    /// Where what it reads is written; nil once that has ended.
    private var input: Int32?
    private var hasEnded = false

    /// Starts `words[0]`, found on PATH unless it has a slash.
    /// - Parameter hasInput: whether it reads what ``send(_:line:complaint:tick:)`` writes; otherwise it finds nothing to read.
    /// - Throws: ``ConnectorError`` if it cannot be started.
    init(_ words: [String], hasInput: Bool = false) throws(ConnectorError) {
        guard let name = words.first else { throw ConnectorError(.process, "there is no command to run") }
        let (readOutput, writeOutput) = try Self.pipe()
        let (readErrors, writeErrors) = try Self.pipe()
        let (readInput, writeInput) = hasInput ? try Self.pipe() : (read: -1, write: -1)
        defer {
            close(writeOutput)
            close(writeErrors)
            if hasInput { close(readInput) }
        }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if hasInput {
            posix_spawn_file_actions_adddup2(&actions, readInput, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, writeOutput, 1)
        posix_spawn_file_actions_adddup2(&actions, writeErrors, 2)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let status = posix_spawnp(&child, name, &actions, &attributes, &arguments, environ)
        guard status == 0 else {
            close(readOutput)
            close(readErrors)
            if hasInput { close(writeInput) }
            throw ConnectorError(
                .process, "the connector's program '\(name)' cannot be started: \(String(cString: strerror(status)))",
                hint: "connector: {exec: [...]} names a program on PATH, or its path")
        }
        leader = child
        group = Group(child)
        output = LineBuffer(readOutput)
        errors = LineBuffer(readErrors)
        guard hasInput else { return }
        input = writeInput
        _ = fcntl(writeInput, F_SETFL, O_NONBLOCK)
        // A program that no longer reads makes writing fail, and does not end us. The thread is one of ours.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
    }

    deinit { if !hasEnded { _ = end(killing: true) } }

    private static func pipe() throws(ConnectorError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            let status = Darwin.pipe(&ends)
        #else
            let status = Glibc.pipe(&ends)
        #endif
        guard status == 0 else { throw ConnectorError(.process, "no pipe can be made", failureType: .system) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Reads until the program closes its output.
    /// - Parameters:
    ///   - line: takes a line of the output, without its end.
    ///   - complaint: takes a line of the standard error.
    ///   - tick: called at least ten times a second; throws to stop.
    func read(_ line: ([UInt8]) throws -> Void, complaint: (String) -> Void, tick: () throws -> Void) throws {
        while !output.hasEnded {
            var waits = [
                pollfd(fd: output.file, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.hasEnded ? -1 : errors.file, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&waits, 2, 100)
            try tick()
            if count <= 0 { continue }
            if waits[1].revents != 0 { errors.fill { complaint(String(decoding: $0, as: UTF8.self)) } }
            if waits[0].revents != 0 { try output.fill(line) }
        }
        // What it said last, if it is there already; somebody that it left behind may hold this end for ever.
        var wait = pollfd(fd: errors.file, events: Int16(POLLIN), revents: 0)
        while !errors.hasEnded, poll(&wait, 1, 20) > 0 { errors.fill { complaint(String(decoding: $0, as: UTF8.self)) } }
    }

    /// Writes to its input, and takes what it says meanwhile. The parameters are those of ``read(_:complaint:tick:)``.
    /// - Returns: false if it reads no more.
    func send(
        _ bytes: [UInt8], line: ([UInt8]) throws -> Void, complaint: (String) -> Void, tick: () throws -> Void
    ) throws -> Bool {
        guard let input else { return false }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                offset += count
                continue
            }
            if errno == EINTR { continue }
            guard errno == EAGAIN else { return false }
            var waits = [
                pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output.hasEnded ? -1 : output.file, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.hasEnded ? -1 : errors.file, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waits, 3, 100)
            try tick()
            if ready <= 0 { continue }
            if waits[2].revents != 0 { errors.fill { complaint(String(decoding: $0, as: UTF8.self)) } }
            if waits[1].revents != 0 { try output.fill(line) }
        }
        return true
    }

    /// Tells it that there is nothing more to read.
    func closeInput() {
        if let input { close(input) }
        input = nil
    }

    /// Waits for its end.
    /// - Returns: the exit code; 128 and the number of the signal that ended it.
    func end(killing: Bool = false) -> Int32 {
        if hasEnded { return 0 }
        hasEnded = true
        closeInput()
        var status: Int32 = 0
        if !killing {
            // A program that closes its output but does not end is given ten seconds.
            for _ in 0..<1000 {
                var info = siginfo_t()
                if waitid(P_PID, id_t(leader), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_signo != 0 { break }
                usleep(10_000)
            }
        }
        status = group.reap(leader)
        close(output.file)
        close(errors.file)
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }
}
