import Processes

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program whose output is read line by line, in a process group of its own, so that it ends with all that it has started.
///
/// For one thread that may block; others may only use ``group``.
final class ChildProcess {
    let group: ProcessGroup
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
        let spawned: SpawnedProcess
        do {
            spawned = try SpawnedProcess(words, hasInput: hasInput)
        } catch {
            throw ConnectorError(
                .process, "the connector's program '\(name)' cannot be started: \(error.reason)",
                hint: error.isAboutProgram ? "connector: {exec: [...]} names a program on PATH, or its path" : nil,
                failureType: error.isAboutProgram ? .config : .system)
        }
        group = spawned.group
        output = LineBuffer(spawned.output)
        errors = LineBuffer(spawned.errors)
        input = spawned.input
        guard let input else { return }
        _ = fcntl(input, F_SETFL, O_NONBLOCK)
        // A program that no longer reads makes writing fail, and does not end us. The thread is one of ours.
        var broken = sigset_t()
        sigemptyset(&broken)
        sigaddset(&broken, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &broken, nil)
    }

    deinit { if !hasEnded { _ = end(killing: true) } }

    /// Reads until the program closes its output, or has ended and nothing has come for five seconds: somebody that it left behind
    /// may hold its output for ever.
    /// - Parameters:
    ///   - line: takes a line of the output, without its end.
    ///   - complaint: takes a line of the standard error.
    ///   - tick: called at least ten times a second; throws to stop.
    func read(_ line: ([UInt8]) throws -> Void, complaint: (String) -> Void, tick: () throws -> Void) throws {
        var silence = 0
        while !output.hasEnded, silence < 50 || !group.hasEnded {
            var waits = [
                pollfd(fd: output.file, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.hasEnded ? -1 : errors.file, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&waits, 2, 100)
            try tick()
            silence = count == 0 ? silence + 1 : 0
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
        if !killing {
            // A program that closes its output but does not end is given ten seconds.
            var rounds = 0
            while rounds < 1000, !group.hasEnded {
                usleep(10_000)
                rounds += 1
            }
        }
        group.send(SIGKILL)
        let status = group.reap()
        close(output.file)
        close(errors.file)
        return status.code
    }
}
