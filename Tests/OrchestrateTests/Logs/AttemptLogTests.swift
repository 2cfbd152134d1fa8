import Foundation
import Testing

@testable import Orchestrate

struct AttemptLogTests {
    private let place = SQLiteStoreTests.Place()

    private func log(_ limit: AttemptLog.Limit = .init()) -> AttemptLog {
        AttemptLog(
            directory: place.directory, run: RunID(pipeline: "p", name: "r"), attempt: AttemptKey(task: "t", number: 1),
            limit: limit)
    }

    @Test("is read in pieces, and goes on where it was when more has come")
    func follow() throws {
        let log = log()
        var reader = AttemptLogReader(path: log.path)
        #expect(reader.next() == nil)
        log.append(LogLine("one", level: .warning, stream: "stderr", time: Timestamp(seconds: 1)), at: .now)
        #expect(reader.next() == [LogLine("one", level: .warning, stream: "stderr", time: Timestamp(seconds: 1))])
        #expect(reader.next() == nil)
        log.append(LogLine("two"), at: Timestamp(seconds: 2))
        #expect(reader.next()?.map(\.text) == ["two"])
    }

    @Test("is put aside when it has grown too big, and read from the oldest part that is kept")
    func rotation() throws {
        let log = log(AttemptLog.Limit(bytes: 2000, files: 2))
        var follower = AttemptLogReader(path: log.path)
        var followed: [String] = []
        for number in 0..<100 {
            log.append(LogLine("line \(number)"), at: Timestamp(seconds: 0))
            while let lines = follower.next() { followed += lines.map(\.text) }
        }
        #expect(followed == (0..<100).map { "line \($0)" }, "who follows misses nothing")
        let files = try FileManager.default.contentsOfDirectory(atPath: (log.path as NSString).deletingLastPathComponent)
        #expect(files.sorted() == ["attempt-1.jsonl", "attempt-1.jsonl.1", "attempt-1.jsonl.2"])
        var reader = AttemptLogReader(path: log.path)
        var kept: [String] = []
        while let lines = reader.next() { kept += lines.map(\.text) }
        #expect(kept.last == "line 99" && kept.count > 40 && kept.count < 100)
        #expect(kept == followed.suffix(kept.count))
    }

    @Test("a log of many pieces is read whole")
    func large() throws {
        let log = log()
        let text = String(repeating: "x", count: 10_000)
        for _ in 0..<200 { log.append(LogLine(text), at: Timestamp(seconds: 0)) }
        var reader = AttemptLogReader(path: log.path)
        var count = 0
        var largest = 0
        while let lines = reader.next() {
            count += lines.count
            largest = max(largest, lines.count)
        }
        #expect(count == 200 && largest < 60)
    }

    @Test("is read backwards from its end, over the parts that were put aside, and goes on from where a reader was")
    func backwards() throws {
        let log = log(AttemptLog.Limit(bytes: 2000, files: 2))
        let pieces = AttemptLogPieces(path: log.path, pieceSize: 300)
        #expect(pieces.tail().lines.isEmpty)
        for number in 0..<60 { log.append(LogLine("line \(number)"), at: Timestamp(seconds: 0)) }
        let end = pieces.tail()
        #expect(end.lines.last?.text == "line 59")
        var read = end.lines
        var piece = end
        while piece.hasEarlier, let from = piece.from.flatMap({ LogPlace($0.description) }) {
            piece = pieces.piece(before: from)
            read = piece.lines + read
        }
        #expect(read.map(\.text) == (60 - read.count..<60).map { "line \($0)" })
        #expect(read.count > 40, "all that is kept was read")
        // The part in which the reader was is put aside while it follows.
        for number in 60..<75 { log.append(LogLine("line \(number)"), at: Timestamp(seconds: 0)) }
        var place = end.to
        var followed: [String] = []
        while true {
            let next = pieces.piece(after: place)
            guard !next.lines.isEmpty else { break }
            followed += next.lines.map(\.text)
            place = next.to
        }
        #expect(followed == (60..<75).map { "line \($0)" })
    }

    @Test("a line longer than a piece is read whole in both directions")
    func longLine() throws {
        let log = log()
        let long = String(repeating: "x", count: 100_000)
        for text in ["a", long, "b"] { log.append(LogLine(text), at: Timestamp(seconds: 0)) }
        let pieces = AttemptLogPieces(path: log.path, pieceSize: 1000)
        let end = pieces.tail()
        #expect(end.lines.map(\.text) == ["b"])
        let middle = pieces.piece(before: try #require(end.from))
        #expect(middle.lines.last?.text == long)
        let first = pieces.piece(after: nil)
        #expect(first.lines.map(\.text) == ["a"])
        #expect(pieces.piece(after: first.to).lines.map(\.text) == [long, "b"])
    }
}
