import Foundation
import Kubernetes
import Testing

@Suite("Places in logs")
struct LogCursorTests {
    private static let start = 1_790_000_000

    private func line(_ offset: Double, _ text: String) -> [UInt8] {
        let nanoseconds = Int((offset * 1e9).rounded())
        let digits = String(nanoseconds % 1_000_000_000)
        let stamp = ClusterTime.text(seconds: Self.start + nanoseconds / 1_000_000_000).dropLast()
        return Array("\(stamp).\(String(repeating: "0", count: 9 - digits.count))\(digits)Z \(text)".utf8)
    }

    /// What a server gives from a time on, as it compares.
    private func read(_ file: [(Double, String)], since: String?) -> [[UInt8]] {
        let from = since.flatMap { ClusterTime.nanoseconds($0) } ?? 0
        return file.filter { Self.start * 1_000_000_000 + Int(($0.0 * 1e9).rounded()) >= from }.map { line($0.0, $0.1) }
    }

    @Test("wherever a log is cut, each line is told once and in order", arguments: [UInt64](1...40))
    func cutsAnywhere(seed: UInt64) {
        var random = Random(state: seed)
        // Both outputs have times of their own, so neighbours may be out of order; texts and even times repeat.
        var file: [(Double, String)] = []
        var time = 0.0
        for _ in 0..<300 {
            time += Double(random.next() % 400) / 1000
            let late = random.next() % 4 == 0 ? 0.3 : 0
            file.append((max(0, time - late), "text \(random.next() % 3)"))
        }
        var cursor = LogCursor()
        var told: [String] = []
        var isWhole = false
        while !isWhole {
            let lines = read(file, since: cursor.since)
            cursor.reopen()
            let count = Int(random.next() % 60)
            // The last time all are read.
            let cut = told.count > 200 ? lines.count : min(count, lines.count)
            for line in lines.prefix(cut) { if let entry = cursor.take(line) { told.append(entry.text) } }
            isWhole = told.count > 200 && cut == lines.count && told.count >= file.count
        }
        #expect(told == file.map(\.1))
    }

    @Test("what a rotated file no longer repeats is not waited for")
    func rotated() {
        var cursor = LogCursor()
        _ = cursor.take(line(1, "a"))
        _ = cursor.take(line(1.1, "b"))
        cursor.reopen()
        #expect(cursor.take(line(1.2, "c"))?.text == "c")
        #expect(cursor.take(line(1.1, "b")) == nil)
    }

    @Test("lines without a time are given on as they are")
    func noTime() {
        var cursor = LogCursor()
        #expect(cursor.take(Array("failed to open log file".utf8))?.text == "failed to open log file")
        #expect(cursor.since == nil)
    }

    @Test(
        "times are read to the nanosecond, with offsets, and written back",
        arguments: [
            ("2026-09-21T12:53:20Z", 1_789_995_200_000_000_000), ("2026-09-21T12:53:20.000000001Z", 1_789_995_200_000_000_001),
            ("2026-09-21T14:53:20.5+02:00", 1_789_995_200_500_000_000), ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T23:59:59.9Z", 1_709_251_199_900_000_000),
        ])
    func times(text: String, nanoseconds: Int) {
        #expect(ClusterTime.nanoseconds(text) == nanoseconds)
        let seconds = nanoseconds / 1_000_000_000
        #expect(ClusterTime.nanoseconds(ClusterTime.text(seconds: seconds)) == seconds * 1_000_000_000)
    }

    private struct Random {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
