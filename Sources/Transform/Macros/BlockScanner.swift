/// Finds the named blocks of a file (`macro`, `test`, `materialization`, `docs`, `snapshot`) without parsing what is in them.
///
/// An index of names is all that most macro files are ever asked for; they are parsed when one of their macros is called.
struct BlockScanner {
    struct Block: Sendable {
        /// The word after `{%`.
        var kind: String
        /// What follows it up to the parenthesis or the end of the tag.
        var name: String
        /// All of the tag after the kind, for `materialization x, adapter='postgres'`.
        var header: String
        /// The whole block with its tags, as bytes of the file.
        var range: Range<Int>
        /// What is between the tags.
        var contents: Range<Int>
        var line: Int
    }

    private let bytes: [UInt8]
    private let kinds: Set<String>
    private var offset = 0
    /// The end of what was found last.
    private var consumed = 0

    private struct Tag {
        /// With the white space that `{%-` takes.
        var start: Int
        var brace: Int
        var end: Int
        var word: String
        var rest: String
    }

    private init(_ bytes: [UInt8], kinds: Set<String>) {
        // As in dbt, white space at both ends of the file belongs to nothing.
        self.bytes = Array(bytes[..<(bytes.lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? 0)])
        self.kinds = kinds
        consumed = bytes.firstIndex { !Self.isSpace($0) } ?? 0
    }

    /// The blocks of the given kinds on the outermost level.
    static func blocks(in text: String, kinds: Set<String>) -> [Block] {
        var scanner = BlockScanner(Array(text.utf8), kinds: kinds)
        return scanner.blocks()
    }

    private mutating func blocks() -> [Block] {
        var found: [Block] = []
        var open: (tag: Tag, depth: Int)?
        var line = 1
        var lineOffset = 0
        while let tag = nextTag() {
            if let current = open {
                if tag.word == current.tag.word {
                    open?.depth += 1
                } else if tag.word == "end" + current.tag.word {
                    if current.depth > 1 {
                        open?.depth -= 1
                        continue
                    }
                    while lineOffset < current.tag.brace {
                        if bytes[lineOffset] == 0x0A { line += 1 }
                        lineOffset += 1
                    }
                    found.append(block(from: current.tag, to: tag, line: line))
                    open = nil
                }
            } else if kinds.contains(tag.word) {
                open = (tag, 1)
            } else if tag.word == "raw" {
                skipRaw()
            }
        }
        return found
    }

    private func block(from start: Tag, to end: Tag, line: Int) -> Block {
        let name = start.rest.prefix { $0 == "_" || $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
        return Block(
            kind: start.word, name: String(name), header: start.rest, range: start.start..<end.end,
            contents: start.end..<end.start, line: line)
    }

    /// The next `{% ... %}`, past comments; expressions (`{{ }}`) are of no interest.
    private mutating func nextTag() -> Tag? {
        while offset + 1 < bytes.count {
            guard bytes[offset] == UInt8(ascii: "{") else {
                offset += 1
                continue
            }
            switch bytes[offset + 1] {
            case UInt8(ascii: "#"): skip(to: [UInt8(ascii: "#"), UInt8(ascii: "}")])
            case UInt8(ascii: "%"): if let tag = tag() { return tag }
            default: offset += 1
            }
        }
        return nil
    }

    private mutating func tag() -> Tag? {
        let brace = offset
        let start = startWithSpace(brace)
        offset += 2
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") || bytes[offset] == UInt8(ascii: "+") { offset += 1 }
        skipSpace()
        let wordStart = offset
        while offset < bytes.count, Self.isWord(bytes[offset]) { offset += 1 }
        let word = String(decoding: bytes[wordStart..<offset], as: UTF8.self)
        skipSpace()
        let restStart = offset
        skipToTagEnd()
        var restEnd = max(restStart, offset - 2)
        // `-%}` takes the white space after it.
        if restEnd > 0, offset - 3 >= restStart, bytes[offset - 3] == UInt8(ascii: "-") { skipSpace() }
        consumed = offset
        while restEnd > restStart, bytes[restEnd - 1] == UInt8(ascii: "-") || bytes[restEnd - 1] <= 0x20 { restEnd -= 1 }
        let wanted = kinds.contains(word)
        return Tag(
            start: start, brace: brace, end: offset, word: word,
            rest: wanted ? String(decoding: bytes[restStart..<restEnd], as: UTF8.self) : ""
        )
    }

    /// `{%-` takes the white space before it.
    private func startWithSpace(_ brace: Int) -> Int {
        guard brace + 2 < bytes.count, bytes[brace + 2] == UInt8(ascii: "-") else { return brace }
        var start = brace
        while start > consumed, Self.isSpace(bytes[start - 1]) { start -= 1 }
        return start
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Past the `%}` that ends the tag, not one inside of a string.
    private mutating func skipToTagEnd() {
        var quote: UInt8 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if quote != 0 {
                if byte == UInt8(ascii: "\\") { offset += 1 } else if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "%"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "}") {
                offset += 2
                return
            }
            offset += 1
        }
    }

    private mutating func skipRaw() {
        while offset + 1 < bytes.count {
            if bytes[offset] == UInt8(ascii: "{"), bytes[offset + 1] == UInt8(ascii: "%") {
                if let tag = tag(), tag.word == "endraw" { return }
            } else {
                offset += 1
            }
        }
    }

    private mutating func skip(to end: [UInt8]) {
        offset += 2
        while offset + 1 < bytes.count {
            if bytes[offset] == end[0], bytes[offset + 1] == end[1] {
                offset += 2
                consumed = offset
                return
            }
            offset += 1
        }
        offset = bytes.count
    }

    private mutating func skipSpace() {
        while offset < bytes.count, bytes[offset] <= 0x20 { offset += 1 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_")
    }
}
