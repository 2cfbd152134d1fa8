import Foundation
import Synchronization

/// A child that was started, and the pipes to it.
final class SpawnedChild: Sendable {
    let group: ProcessGroup
    private let output: Int32
    private let errors: Int32
    private let input: Int32
    private let inputBytes: [UInt8]

    /// - Throws: `TaskFailure` where the program cannot be started.
    init(_ command: ChildCommand) throws {
        guard let name = command.words.first, !name.isEmpty else {
            throw TaskFailure("there is no command to run", code: "task.bad_command", isRetryable: false)
        }
        if let directory = command.directory {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw TaskFailure(
                    "the folder '\(directory)' that the command shall run in does not exist", code: "task.bad_command",
                    isRetryable: false)
            }
        }
        // There is no portable way to start a child elsewhere but to have it go there.
        let words = command.directory.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command.words } ?? command.words
        // One at a time: no child must inherit the pipes of another before they are marked as not to be inherited.
        let ends = try Self.spawning.withLock { _ in try Self.spawn(words, command.environment) }
        group = ProcessGroup(ends.child)
        (output, errors, input) = (ends.output, ends.errors, ends.input)
        inputBytes = command.input
    }

    private static let spawning = Mutex(())

    private static func spawn(
        _ words: [String], _ variables: [String: String]
    ) throws -> (child: pid_t, output: Int32, errors: Int32, input: Int32) {
        let name = words[0]
        let (readOutput, writeOutput) = try Self.pipe()
        let (readErrors, writeErrors) = try Self.pipe()
        let (readInput, writeInput) = try Self.pipe()
        defer { for end in [writeOutput, writeErrors, readInput] { close(end) } }
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
        posix_spawn_file_actions_adddup2(&actions, readInput, 0)
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
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let status = posix_spawnp(&child, name, &actions, &attributes, &arguments, &environment)
        guard status == 0 else {
            for end in [readOutput, readErrors, writeInput] { close(end) }
            throw TaskFailure(
                "the program '\(name)' cannot be started: \(String(cString: strerror(status)))", code: "task.bad_command",
                hint: status == ENOENT ? "it is neither on PATH nor a path to a program" : nil, isRetryable: false)
        }
        return (child, readOutput, readErrors, writeInput)
    }

    /// Feeds and reads the child until it has ended. Blocks.
    func attend(_ line: (String, _ isError: Bool) -> Void) -> ChildCommand.Status {
        var unwritten = inputBytes[...]
        var isInputOpen = true
        if unwritten.isEmpty {
            close(input)
            isInputOpen = false
        } else {
            _ = fcntl(input, F_SETFL, O_NONBLOCK)
        }
        var splitters = [LineSplitter(), LineSplitter()]
        var open = [true, true]
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while open[0] || open[1] {
            var polls = [
                pollfd(fd: open[0] ? output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: open[1] ? errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isInputOpen ? input : -1, events: Int16(POLLOUT), revents: 0),
            ]
            // A child of the child may hold the pipes open for longer than the child lives.
            let ready = poll(&polls, nfds_t(polls.count), 200)
            if ready == 0, Self.hasEnded(group.id) { break }
            guard ready > 0 else { continue }
            for index in 0..<2 where polls[index].revents != 0 {
                let count = read(polls[index].fd, &bytes, bytes.count)
                if count > 0 {
                    splitters[index].feed(bytes[..<count]) { line($0, index == 1) }
                } else if count == 0 || errno != EINTR {
                    open[index] = false
                }
            }
            guard isInputOpen, polls[2].revents != 0 else { continue }
            let count = unwritten.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 { unwritten = unwritten.dropFirst(count) }
            if unwritten.isEmpty || (count < 0 && errno != EINTR && errno != EAGAIN) {
                close(input)
                isInputOpen = false
            }
        }
        for index in 0..<2 { splitters[index].finish { line($0, index == 1) } }
        if isInputOpen { close(input) }
        let status = group.reap()
        close(output)
        close(errors)
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
    }

    /// Whether the leader has ended, without waiting for it.
    private static func hasEnded(_ child: pid_t) -> Bool {
        var info = siginfo_t()
        #if canImport(Darwin)
            return waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == child
        #else
            return waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info._sifields._kill.si_pid == child
        #endif
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else {
            throw TaskFailure("a pipe cannot be made: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// Cuts bytes into lines.
struct LineSplitter {
    private var rest: [UInt8] = []
    /// Longer lines are cut.
    private static let maximum = 64 << 10

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ line: (String) -> Void) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 10) {
            rest += bytes[start..<end]
            if rest.last == 13 { rest.removeLast() }
            emit(line)
            start = end + 1
        }
        rest += bytes[start...]
        if rest.count >= Self.maximum { emit(line) }
    }

    mutating func finish(_ line: (String) -> Void) { if !rest.isEmpty { emit(line) } }

    private mutating func emit(_ line: (String) -> Void) {
        line(String(decoding: rest, as: UTF8.self))
        rest.removeAll(keepingCapacity: true)
    }
}
