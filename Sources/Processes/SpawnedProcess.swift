import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A process that was started, and our ends of the pipes to it. Whoever started it closes them and waits for its end.
///
/// It leads a process group of its own, so that it ends with all that it has started, and has the default signal handling. It
/// inherits nothing but its three pipes, nor do processes that are started at the same time inherit them: whoever
/// reads to the end of a pipe waits for nobody else.
package struct SpawnedProcess: Sendable {
    package let group: ProcessGroup
    /// What it writes.
    package let output: Int32
    /// What it writes on standard error.
    package let errors: Int32
    /// What it reads; nil if it finds nothing to read.
    package let input: Int32?

    /// Starts `words[0]`, found on PATH unless it has a slash.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments; at least one.
    ///   - environment: the whole environment, `NAME=value`; nil is that of this process.
    ///   - hasInput: whether there is an ``input`` to write to.
    /// - Throws: ``SpawnError``.
    package init(_ words: [String], environment: [String]? = nil, hasInput: Bool = false) throws(SpawnError) {
        guard let name = words.first, !name.isEmpty else {
            throw SpawnError(number: ENOENT, reason: "there is no command", isAboutProgram: true)
        }
        let outcome = Self.spawning.withLock { _ in
            Result { () throws(SpawnError) in try Self.spawn(name, words, environment, pipeCount: hasInput ? 3 : 2) }
        }
        let (child, pipes) = try outcome.get()
        group = ProcessGroup(child)
        output = pipes[0].read
        errors = pipes[1].read
        input = hasInput ? pipes[2].write : nil
        close(pipes[0].write)
        close(pipes[1].write)
        if hasInput { close(pipes[2].read) }
    }

    /// One at a time: no child must inherit the pipes of another before they are marked as not to be inherited.
    private static let spawning = Mutex(())

    private static func spawn(
        _ name: String, _ words: [String], _ variables: [String]?, pipeCount: Int
    ) throws(SpawnError) -> (child: pid_t, pipes: [Pipe]) {
        var pipes: [Pipe] = []
        do {
            for _ in 0..<pipeCount { pipes.append(try Pipe()) }
            return (try spawn(name, words, variables, pipes), pipes)
        } catch {
            for pipe in pipes { pipe.close() }
            throw error
        }
    }

    /// - Parameter pipes: for output, errors and, if there is one, input.
    private static func spawn(
        _ name: String, _ words: [String], _ variables: [String]?, _ pipes: [Pipe]
    ) throws(SpawnError) -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
            // Also of those who start processes in other ways.
            let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            let closing: Int32 = 0
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if pipes.count == 3 {
            posix_spawn_file_actions_adddup2(&actions, pipes[2].read, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, pipes[0].write, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[1].write, 2)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(closing)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = (variables ?? []).map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let status =
            variables == nil
            ? posix_spawnp(&child, name, &actions, &attributes, &arguments, environ)
            : posix_spawnp(&child, name, &actions, &attributes, &arguments, &environment)
        guard status == 0 else {
            throw SpawnError(
                number: status, reason: String(cString: strerror(status)), isAboutProgram: ![EAGAIN, ENOMEM].contains(status))
        }
        return child
    }

    /// Both ends, marked as not to be inherited.
    private struct Pipe {
        let read: Int32
        let write: Int32

        init() throws(SpawnError) {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw SpawnError(
                    number: errno, reason: "no pipe can be made: \(String(cString: strerror(errno)))", isAboutProgram: false)
            }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (read, write) = (ends[0], ends[1])
        }

        func close() {
            for end in [read, write] {
                #if canImport(Darwin)
                    _ = Darwin.close(end)
                #else
                    _ = Glibc.close(end)
                #endif
            }
        }
    }
}
