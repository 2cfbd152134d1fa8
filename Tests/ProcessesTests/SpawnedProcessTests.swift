import Processes
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct SpawnedProcessTests {
    @Test("a process gets its input and environment, and says how it ended")
    func conversation() throws {
        let process = try SpawnedProcess(
            ["sh", "-c", "read line; echo \"$line $X\"; echo oops >&2; exit 3"], environment: ["X=y z", "PATH=/usr/bin:/bin"],
            hasInput: true)
        let input = try #require(process.input)
        #expect(write(input, "hello\n", 6) == 6)
        close(input)
        #expect(Self.all(process.output) == "hello y z\n")
        #expect(Self.all(process.errors) == "oops\n")
        #expect(process.group.reap() == .exited(3))
    }

    @Test("without an input there is nothing to read; a signal that ended it is told")
    func noInput() throws {
        let process = try SpawnedProcess(["sh", "-c", "cat; kill -9 $$"])
        #expect(process.input == nil)
        #expect(Self.all(process.output) == "")
        close(process.errors)
        #expect(process.group.reap() == .signalled(SIGKILL))
        // The number may be somebody else's by now.
        process.group.send(SIGTERM)
        #expect(process.group.hasEnded)
    }

    @Test("what cannot be started says why", arguments: [[], [""], ["/nowhere/nothing"], ["no-such-program-of-ours"]])
    func missing(_ words: [String]) throws {
        let error = #expect(throws: SpawnError.self) { _ = try SpawnedProcess(words) }
        #expect(error?.number == ENOENT && error?.isAboutProgram == true)
    }

    @Test("who reads to the end of one process waits for nobody that was started at the same time", .timeLimit(.minutes(1)))
    func inheritance() async throws {
        try await withThrowingTaskGroup(of: SpawnedProcess?.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let process = try SpawnedProcess(["sh", "-c", number % 2 == 0 ? "exec sleep 1000" : "true"])
                    if number % 2 == 0 { return process }
                    _ = Self.all(process.output)
                    _ = Self.all(process.errors)
                    #expect(process.group.reap() == .exited(0))
                    return nil
                }
            }
            for try await sleeper in group {
                guard let sleeper else { continue }
                sleeper.group.send(SIGKILL)
                #expect(sleeper.group.reap() == .signalled(SIGKILL))
                close(sleeper.output)
                close(sleeper.errors)
            }
        }
    }

    @Test("what a leader leaves behind ends with it", .timeLimit(.minutes(1)))
    func leftBehind() throws {
        let process = try SpawnedProcess(["sh", "-c", "sleep 1000 & echo $!"])
        var number = ""
        var byte: UInt8 = 0
        while read(process.output, &byte, 1) == 1, byte != 10 { number.append(Character(Unicode.Scalar(byte))) }
        #expect(process.group.reap() == .exited(0))
        // It held the pipe; nothing but its end closes it.
        #expect(!number.isEmpty && Self.all(process.output) == "")
        close(process.errors)
    }

    /// Reads to the end and closes.
    private static func all(_ file: Int32) -> String {
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &bytes, bytes.count)
            if count <= 0 { break }
            text += bytes[..<count]
        }
        close(file)
        return String(decoding: text, as: UTF8.self)
    }
}
