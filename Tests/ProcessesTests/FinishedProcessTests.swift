import Processes
import Testing

struct FinishedProcessTests {
    @Test("both outputs arrive whole, however much is on each of them", .timeLimit(.minutes(1)))
    func outputs() throws {
        let script = "head -c 300000 /dev/zero >&2; head -c 400000 /dev/zero; head -c 300000 /dev/zero >&2; echo \"$X\"; exit 4"
        let ended = try FinishedProcess.run(["sh", "-c", script], environment: ["X=y", "PATH=/usr/bin:/bin"])
        #expect(ended.status == .exited(4))
        #expect(ended.errors.count == 600_000)
        #expect(ended.output.count == 400_002 && ended.output.suffix(2) == [UInt8(ascii: "y"), 10])
    }

    @Test("it runs in the folder that is given, and says where there is none")
    func folder() throws {
        #expect(try FinishedProcess.run(["pwd"], in: "/usr").output == Array("/usr\n".utf8))
        let missing = try FinishedProcess.run(["pwd"], in: "/nowhere")
        #expect(missing.status != .exited(0) && !missing.errors.isEmpty)
        #expect(throws: SpawnError.self) { try FinishedProcess.run(["no-such-program-of-ours"]) }
    }

    @Test("what it has left running, with its outputs open, holds up nobody and is ended", .timeLimit(.minutes(1)))
    func leftBehind() throws {
        let ended = try FinishedProcess.run(["sh", "-c", "sleep 1000 & echo $!"])
        #expect(ended.status == .exited(0) && ended.output.count > 1)
    }
}
