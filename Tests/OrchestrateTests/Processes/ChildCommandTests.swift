import Foundation
import Processes
import Synchronization
import Testing

@testable import Orchestrate

struct ChildCommandTests {
    @Test("tells lines of both streams, and how it ended")
    func output() async throws {
        let lines = Collected<String>()
        let status = try await ChildCommand(["sh", "-c", "echo one; echo two >&2; printf three; exit 3"]).run { line in
            lines.add((line.isError ? "err " : "out ") + line.text)
        }
        #expect(status == .exited(3))
        #expect(Set(lines.all) == ["out one", "err two", "out three"])
    }

    @Test("gives environment, folder and input, and says which signal ended it")
    func surroundings() async throws {
        let lines = Collected<String>()
        var command = ChildCommand(
            ["sh", "-c", "echo $X; pwd; cat; kill -9 $$"], environment: ["X": "y z", "PATH": "/usr/bin:/bin"], directory: "/usr")
        command.input = Array("from outside\n".utf8)
        let status = try await command.run { line in lines.add(line.text) }
        #expect(status == .signalled(SIGKILL))
        #expect(lines.all == ["y z", "/usr", "from outside"])
    }

    @Test("a program that there is not fails without another try")
    func missing() async throws {
        let failure = await #expect(throws: TaskFailure.self) {
            _ = try await ChildCommand(["/nowhere/nothing"]).run { _ in }
        }
        #expect(failure?.code == "task.bad_command" && failure?.isRetryable == false)
    }

    @Test("ends with all that it has started when it is cancelled, and when its leader leaves others behind")
    func groups() async throws {
        let numbers = Collected<pid_t>()
        let started = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await ChildCommand(["sh", "-c", "sleep 1000 & echo $!; trap '' TERM; sleep 1000"], grace: .milliseconds(50)).run {
                line in
                if let number = pid_t(line.text) { numbers.add(number) }
                started.continuation.yield()
            }
        }
        for await _ in started.stream { break }
        task.cancel()
        #expect(try await task.value == .signalled(SIGKILL))
        _ = try await ChildCommand(["sh", "-c", "sleep 1000 & echo $!"]).run { line in
            if let number = pid_t(line.text) { numbers.add(number) }
        }
        #expect(numbers.all.count == 2)
        for number in numbers.all {
            // A signal that was sent is not yet an end.
            for _ in 0..<2000 where Self.runs(number) { await Task.yield() }
            #expect(!Self.runs(number))
        }
    }

    /// Whether a process works: one that has ended and that nobody has waited for does not.
    private static func runs(_ number: pid_t) -> Bool {
        guard kill(number, 0) == 0 else { return false }
        guard let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
        return status.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    @Test("cuts lines that are too long, and takes what is not UTF-8 and lines of Windows")
    func lines() async throws {
        let lines = Collected<String>()
        let script = #"printf 'a\r\nb\377\n'; head -c 70000 /dev/zero | tr '\0' x"#
        _ = try await ChildCommand(["sh", "-c", script]).run { line in lines.add(line.text) }
        #expect(lines.all.prefix(2) == ["a", "b\u{FFFD}"])
        #expect(lines.all.count >= 3 && lines.all.dropFirst(2).joined().count == 70_000)
    }
}
