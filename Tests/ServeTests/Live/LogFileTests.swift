import Foundation
import Orchestrate
import Testing

@testable import Serve

@Suite("Looking through logs")
struct LogFileTests {
    @Test("a word and a level are found far behind what a page shows, a piece at a time")
    func find() async throws {
        let path = NSTemporaryDirectory() + "leat-log-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var text = ""
        for number in 0..<20_000 {
            let level = number == 15_000 ? "error" : "info"
            text += #"{"time":"2030-01-01T00:00:00.000000Z","level":"\#(level)","stream":"task","text":"line \#(number)"}"# + "\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path))
        let file = LogFile(path: path)

        let word = try #require(await file.find(after: nil, having: Array("LINE 19999".utf8)) { $0.text == "line 19999" })
        #expect(word.piece.lines[word.match].text == "line 19999")
        #expect(word.piece.lines.count < 10_000, "only a piece is held")
        #expect(word.piece.hasEarlier)
        let error = try #require(await file.find(after: nil) { $0.level >= .error })
        #expect(error.piece.lines[error.match].text == "line 15000")
        let later = await file.find(after: error.piece.to) { $0.level >= .error }
        #expect(later.map { _ in true } == nil, "there is but one")
    }
}
