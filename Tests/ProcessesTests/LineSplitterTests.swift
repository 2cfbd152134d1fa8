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
            splitter.feed(bytes[start..<min(start + size, bytes.count)]) { bytes, _ in
                found.append(String(decoding: bytes, as: UTF8.self))
            }
        }
        splitter.finish { bytes, _ in found.append(String(decoding: bytes, as: UTF8.self)) }
        var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if expected.last == "" { expected.removeLast() }
        #expect(found == expected)
    }

    @Test(
        "a line that is too long comes in pieces, which say so and cut no character",
        arguments: [
            (["abcde", "fg", "h\n"], ["abcd+", "efgh"]), (["abcd\n", "\n"], ["abcd", ""]),
            (["abcdefghi"], ["abcd+", "efgh+", "i"]),
            (["ab☕cé", "\n"], ["ab+", "☕c+", "é"]), (["☕☕\nx"], ["☕+", "☕", "x"]),
        ])
    func long(parts: [String], expected: [String]) {
        var splitter = LineSplitter(maximum: 4)
        var found: [String] = []
        for part in parts {
            splitter.feed(Array(part.utf8)[...]) { found.append(String(decoding: $0, as: UTF8.self) + ($1 ? "+" : "")) }
        }
        splitter.finish { found.append(String(decoding: $0, as: UTF8.self) + ($1 ? "+" : "")) }
        #expect(found == expected)
    }
}
