/// Wraps a line of text as Python's `textwrap` does.
struct TextWrapper {
    let width: Int
    let breaksLongWords: Bool
    let breaksOnHyphens: Bool

    /// The wrapped lines.
    func wrap(_ text: String) -> [String] {
        var chunks = chunks(Array(text.unicodeScalars)).reversed() as [[Unicode.Scalar]]
        var lines: [String] = []
        while !chunks.isEmpty {
            if let last = chunks.last, isBlank(last), !lines.isEmpty { chunks.removeLast() }
            var line: [[Unicode.Scalar]] = []
            var length = 0
            while let next = chunks.last, length + next.count <= width {
                line.append(next)
                length += next.count
                chunks.removeLast()
            }
            if let next = chunks.last, next.count > width { breakLong(&chunks, &line, length) }
            if let last = line.last, isBlank(last) { line.removeLast() }
            if !line.isEmpty { lines.append(String(String.UnicodeScalarView(line.joined()))) }
        }
        return lines
    }

    private func breakLong(_ chunks: inout [[Unicode.Scalar]], _ line: inout [[Unicode.Scalar]], _ length: Int) {
        guard var chunk = chunks.popLast() else { return }
        let space = width < 1 ? 1 : width - length
        if breaksLongWords {
            var end = space
            if breaksOnHyphens && chunk.count > space, let hyphen = chunk[..<space].lastIndex(of: "-"),
                hyphen > 0, chunk[..<hyphen].contains(where: { $0 != "-" })
            {
                end = hyphen + 1
            }
            line.append(Array(chunk[..<end]))
            chunk.removeFirst(end)
            chunks.append(chunk)
        } else if line.isEmpty {
            line.append(chunk)
        } else {
            chunks.append(chunk)
        }
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) }

    private func isBlank(_ chunk: [Unicode.Scalar]) -> Bool { chunk.allSatisfy(Text.isSpace) }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// Whitespace runs, words, and words cut after their hyphens.
    private func chunks(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var result: [[Unicode.Scalar]] = []
        var index = 0
        while index < text.count {
            let start = index
            if isSpace(text[index]) {
                while index < text.count, isSpace(text[index]) { index += 1 }
            } else {
                index += 1
                while index < text.count, !isSpace(text[index]) {
                    if breaksOnHyphens, canBreak(text, start, index) { break }
                    index += 1
                }
            }
            result.append(Array(text[start..<index]))
        }
        return result
    }

    /// Whether a word can be cut before `index`: after a hyphen between letters, or around a dash.
    private func canBreak(_ text: [Unicode.Scalar], _ start: Int, _ index: Int) -> Bool {
        let isLetter: (Int) -> Bool = { text.indices.contains($0) && isWord(text[$0]) && text[$0].properties.numericType == nil }
        if text[index - 1] == "-" {
            if index - 2 >= start, isLetter(index - 2), index - 3 >= start, isLetter(index - 3) || text[index - 3] == "-",
                isLetter(index), isLetter(index + 1) || (index + 1 < text.count && text[index + 1] == "-")
            {
                return true
            }
            let dashes = text[start..<index].reversed().prefix { $0 == "-" }.count
            return dashes >= 2 && isWord(text[index]) && start <= index - dashes
        }
        guard text[index] == "-", isWord(text[index - 1]) || "!\"'&.,?".unicodeScalars.contains(text[index - 1]) else {
            return false
        }
        var end = index
        while end < text.count, text[end] == "-" { end += 1 }
        return end - index >= 2 && end < text.count && isWord(text[end])
    }
}
