import Processes
import Testing

struct LineSplitterTests {
    @Test(
        "lines are the same however the bytes are cut",
        arguments: ["", "\n", "one", "one\n", "one\ntwo", "\n\none\n\ntwo\n", "a\nb\nc\n"], 1...4)
    func lines(_ text: String, _ size: Int) {
        var splitter = LineSplitter()
        var found: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.feed(bytes[start..<min(start + size, bytes.count)]) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
        splitter.finish { found.append(String(decoding: $0, as: UTF8.self)) }
        var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if expected.last == "" { expected.removeLast() }
        #expect(found == expected)
    }

    @Test("a line that is too long comes in pieces")
    func long() {
        var splitter = LineSplitter(maximum: 4)
        var found: [String] = []
        for part in ["abcde", "fg", "h\n"] {
            splitter.feed(Array(part.utf8)[...]) { found.append(String(decoding: $0, as: UTF8.self)) }
        }
        splitter.finish { found.append(String(decoding: $0, as: UTF8.self)) }
        #expect(found == ["abcde", "fgh"])
    }
}
