import Documents
import Synchronization
import Testing

@testable import Orchestrate

@Suite("Logs of containers")
struct ContainerLogTests {
    private func frame(_ kind: UInt8, _ text: String) -> [UInt8] {
        let size = text.utf8.count
        return [kind, 0, 0, 0, UInt8(size >> 24), UInt8(size >> 16 & 255), UInt8(size >> 8 & 255), UInt8(size & 255)] + text.utf8
    }

    private let second = "2026-12-01T03:36:21Z "

    @Test("a line that comes in several frames is one line, without the times of the later ones", arguments: [1, 7, 1000])
    func frames(size: Int) {
        let bytes =
            frame(1, second + "one") + frame(2, second + "aside\n") + frame(1, second + " and two\n")
            + frame(1, second + "2026\n")
        var frames = LogFrames()
        var found: [String] = []
        func hear(_ bytes: [UInt8], _ isError: Bool, _ goesOn: Bool) {
            found.append((isError ? "err " : "out ") + String(decoding: bytes, as: UTF8.self))
        }
        for start in stride(from: 0, to: bytes.count, by: size) {
            frames.feed(bytes[start..<min(start + size, bytes.count)], hear)
        }
        frames.finish(hear)
        #expect(Set(found) == ["out \(second)one and two", "err \(second)aside", "out \(second)2026"])
    }

    @Test("what was missing of the end is added once, and the last line of all is the output")
    func rest() {
        let lines = Mutex<[String]>([])
        let run = RunContext(id: RunID(pipeline: "p", name: "r"), request: RunRequest(), startedAt: .now)
        let log = ContainerLog(TaskAttempt(run: run, task: TaskDefinition(id: "a"))) { report in
            if case .log(let line) = report { lines.withLock { $0.append(line.text) } }
        }
        func say(_ text: String) { log.take(Array((second + text).utf8), isError: false, goesOn: false) }
        log.begin()
        say("one")
        say("two")
        let since = log.beginRest()
        #expect(since?.description == "2026-12-01T03:36:20Z")
        for text in ["one", "two", "three"] { say(text) }
        #expect(lines.withLock { $0 } == ["one", "two", "three"])
        #expect(log.lastOutput.json == "three" && log.tail == ["one", "two", "three"])
    }
}
