import Foundation
import Processes

/// A child that was started, and the pipes to it.
final class SpawnedChild: Sendable {
    private let process: SpawnedProcess
    private let inputBytes: [UInt8]

    var group: ProcessGroup { process.group }

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
        let inPlace =
            command.directory.map { ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + command.words } ?? command.words
        let words = command.limits.wrapped(inPlace)
        inputBytes = command.input
        do {
            process = try SpawnedProcess(
                words, environment: command.environment.map { "\($0)=\($1)" }, hasInput: !inputBytes.isEmpty)
        } catch {
            throw TaskFailure(
                "the program '\(words[0])' cannot be started: \(error.reason)", code: "task.bad_command",
                hint: error.number == ENOENT ? "it is neither on PATH nor a path to a program" : nil,
                isRetryable: !error.isAboutProgram)
        }
    }

    /// Feeds and reads the child until it has ended. Blocks.
    func attend(_ line: (OutputLine) -> Void) -> ExitStatus {
        var unwritten = inputBytes[...]
        let input = process.input ?? -1
        var isInputOpen = process.input != nil
        if isInputOpen { _ = fcntl(input, F_SETFL, O_NONBLOCK) }
        var splitters = [LineSplitter(maximum: OutputLine.longest), LineSplitter(maximum: OutputLine.longest)]
        func hear(_ index: Int, _ bytes: [UInt8], _ goesOn: Bool) {
            line(OutputLine(bytes[...], isError: index == 1, goesOn: goesOn))
        }
        var open = [true, true]
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while open[0] || open[1] {
            var polls = [
                pollfd(fd: open[0] ? process.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: open[1] ? process.errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isInputOpen ? input : -1, events: Int16(POLLOUT), revents: 0),
            ]
            // A child of the child may hold the pipes open for longer than the child lives.
            let ready = poll(&polls, nfds_t(polls.count), 200)
            if ready == 0, group.hasEnded { break }
            guard ready > 0 else { continue }
            for index in 0..<2 where polls[index].revents != 0 {
                let count = read(polls[index].fd, &bytes, bytes.count)
                if count > 0 {
                    splitters[index].feed(bytes[..<count]) { hear(index, $0, $1) }
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
        for index in 0..<2 { splitters[index].finish { hear(index, $0, $1) } }
        if isInputOpen { close(input) }
        let status = group.reap()
        close(process.output)
        close(process.errors)
        return status
    }
}
