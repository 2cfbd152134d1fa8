import Diagnostics

/// Reads the YAML that people write by hand: block mappings and lists, scalars of all styles, flow collections.
///
/// It is many times faster than a complete parser, and gives the same values and places. What it does not know (anchors,
/// tags, merges, several documents) and everything that is wrong it refuses, for the complete parser to read or to explain.
struct BlockYAMLParser {
    /// The text is not for this parser.
    struct Refusal: Error {}

    let text: UnsafeBufferPointer<UInt8>
    let file: String
    private var line = 1
    private var lineStart = 0
    var offset = 0
    private var depth = 0
    /// Whether the last of two equal keys counts, as for PyYAML; else they are refused.
    private let allowsDuplicates: Bool
    /// The keys that were given again.
    private var duplicates: [YAMLDocument.Duplicate] = []
    private static let maximumDepth = 200

    private init(_ text: UnsafeBufferPointer<UInt8>, file: String, allowsDuplicates: Bool) {
        self.text = text
        self.file = file
        self.allowsDuplicates = allowsDuplicates
    }

    /// The root of the document, nil where it holds nothing.
    static func parse(_ text: String, file: String) throws(Refusal) -> YAMLNode? {
        try parse(text, file: file, allowsDuplicates: false).root
    }

    /// The root, and the keys that were given again.
    static func parse(
        _ text: String, file: String, allowsDuplicates: Bool
    ) throws(Refusal) -> (root: YAMLNode?, duplicates: [YAMLDocument.Duplicate]) {
        var text = text
        let result: Result<(YAMLNode?, [YAMLDocument.Duplicate]), Refusal> = text.withUTF8 { bytes in
            var parser = BlockYAMLParser(bytes, file: file, allowsDuplicates: allowsDuplicates)
            do throws(Refusal) {
                let root = try parser.document()
                return .success((root, parser.duplicates))
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    private mutating func document() throws(Refusal) -> YAMLNode? {
        guard !text.contains(where: { $0 == 0x0D || $0 == 0x09 || $0 == 0 || $0 == 0x7F }) else { throw Refusal() }
        skipToContent()
        if column == 0, starts(with: "---") {
            offset += 3
            guard isAtLineEnd() else { throw Refusal() }
            skipToContent()
        }
        if offset >= text.count { return nil }
        let node = try block(parent: -1)
        skipToContent()
        guard offset >= text.count else { throw Refusal() }
        return node
    }

    // MARK: Places

    var byte: UInt8 { offset < text.count ? text[offset] : 0 }

    func peek(_ distance: Int) -> UInt8 { offset + distance < text.count ? text[offset + distance] : 0 }

    /// In bytes from the beginning of the line.
    private var column: Int { offset - lineStart }

    func location() -> SourceLocation {
        var column = 1
        for index in lineStart..<offset where text[index] & 0xC0 != 0x80 { column += 1 }
        return SourceLocation(file: file, line: line, column: column)
    }

    mutating func newLine() {
        offset += 1
        line += 1
        lineStart = offset
    }

    private func starts(with word: StaticString) -> Bool {
        guard offset + word.utf8CodeUnitCount <= text.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where text[offset + index] != word.utf8Start[index] { return false }
        return true
    }

    /// Past white space, ends of lines and comments, to the next token.
    mutating func skipToContent() {
        while offset < text.count {
            switch text[offset] {
            case 0x20: offset += 1
            case 0x0A: newLine()
            case UInt8(ascii: "#") where offset == lineStart || text[offset - 1] == 0x20: skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() {
        while offset < text.count, text[offset] != 0x0A { offset += 1 }
    }

    /// Skips spaces and a comment; whether nothing else stands on the line.
    private mutating func isAtLineEnd() -> Bool {
        let start = offset
        while byte == 0x20 { offset += 1 }
        if byte == UInt8(ascii: "#"), offset == lineStart || offset > start || text[offset - 1] == 0x20 { skipComment() }
        return offset >= text.count || text[offset] == 0x0A
    }

    private var isDocumentMarker: Bool {
        column == 0 && (starts(with: "---") || starts(with: "..."))
    }

    // MARK: Blocks

    /// The node that begins here, which must stand deeper than `parent`.
    private mutating func block(parent: Int) throws(Refusal) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth, !isDocumentMarker, column > parent else { throw Refusal() }
        if isDash { return try sequence(indent: column) }
        if isKey() { return try mapping(indent: column) }
        return try scalarOrFlow(parent: parent)
    }

    private var isDash: Bool {
        guard byte == UInt8(ascii: "-") else { return false }
        let next = peek(1)
        return next == 0x20 || next == 0x0A || offset + 1 >= text.count
    }

    private mutating func sequence(indent: Int) throws(Refusal) -> YAMLNode {
        let place = location()
        var items: [YAMLNode] = []
        while offset < text.count, column == indent, isDash {
            offset += 1
            while byte == 0x20 { offset += 1 }
            items.append(try value(parent: indent, allowsSequence: false, here: true))
            skipToContent()
        }
        // Something else at this place or deeper is no part of a list.
        guard offset >= text.count || column < indent || (column == indent && !isDash) else { throw Refusal() }
        return YAMLNode(.sequence(items), at: place)
    }

    private mutating func mapping(indent: Int) throws(Refusal) -> YAMLNode {
        let place = location()
        var members: [YAMLNode.Member] = []
        var seen: Set<String> = []
        while offset < text.count, column == indent {
            guard !isDocumentMarker, !isDash else { throw Refusal() }
            let keyPlace = location()
            let key = try key()
            // Merges and repeated keys are for the complete parser.
            if key == "<<" { throw Refusal() }
            var isRepeated = false
            if members.count < 8 {
                for member in members where member.key == key { isRepeated = true }
            } else {
                if seen.isEmpty { for member in members { seen.insert(member.key) } }
                isRepeated = !seen.insert(key).inserted
            }
            if isRepeated, !allowsDuplicates { throw Refusal() }
            while byte == 0x20 { offset += 1 }
            let value = try value(parent: indent, allowsSequence: true, here: false)
            if isRepeated, let first = members.firstIndex(where: { $0.key == key }) {
                duplicates.append(.init(key: key, location: keyPlace, first: members[first].keyLocation))
                members[first] = YAMLNode.Member(key: key, keyLocation: keyPlace, value: value)
                skipToContent()
                continue
            }
            members.append(YAMLNode.Member(key: key, keyLocation: keyPlace, value: value))
            skipToContent()
        }
        guard offset >= text.count || column < indent else { throw Refusal() }
        return YAMLNode(.mapping(members), at: place)
    }

    /// What follows `key:` or `-`.
    ///
    /// - Parameter here: whether a block may begin on the same line, as after `-`.
    private mutating func value(parent: Int, allowsSequence: Bool, here: Bool) throws(Refusal) -> YAMLNode {
        if isAtLineEnd() {
            let place = location()
            skipToContent()
            if offset < text.count, column > parent { return try block(parent: parent) }
            if allowsSequence, offset < text.count, column == parent, isDash, !isDocumentMarker {
                return try nested { (parser: inout BlockYAMLParser) throws(Refusal) in try parser.sequence(indent: parent) }
            }
            return YAMLNode(.null, at: place)
        }
        if here { return try block(parent: parent) }
        return try scalarOrFlow(parent: parent)
    }

    private mutating func nested(
        _ body: (inout BlockYAMLParser) throws(Refusal) -> YAMLNode
    ) throws(Refusal) -> YAMLNode {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.maximumDepth else { throw Refusal() }
        return try body(&self)
    }

    /// Whether a key and a colon stand here, on this line.
    private func isKey() -> Bool {
        var index = offset
        let first = text[index]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            index += 1
            while index < text.count, text[index] != first, text[index] != 0x0A {
                if text[index] == UInt8(ascii: "\\"), first == UInt8(ascii: "\"") { index += 1 }
                index += 1
            }
            index += 1
            while index < text.count, text[index] == 0x20 { index += 1 }
            return index < text.count && text[index] == UInt8(ascii: ":") && isSpace(index + 1)
        }
        if "[]{},#&*!|>%@`\"'?".utf8.contains(first) { return false }
        while index < text.count, text[index] != 0x0A {
            if text[index] == UInt8(ascii: ":"), isSpace(index + 1) { return true }
            if text[index] == UInt8(ascii: "#"), index > offset, text[index - 1] == 0x20 { return false }
            index += 1
        }
        return false
    }

    func isSpace(_ index: Int) -> Bool { index >= text.count || text[index] == 0x20 || text[index] == 0x0A }

    /// A key with its colon.
    private mutating func key() throws(Refusal) -> String {
        guard isKey() else { throw Refusal() }
        let key: String
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            key = try quoted(parent: Int.max)
        } else {
            let start = offset
            while !(text[offset] == UInt8(ascii: ":") && isSpace(offset + 1)) { offset += 1 }
            var end = offset
            while end > start, text[end - 1] == 0x20 { end -= 1 }
            key = string(start, end)
        }
        while byte == 0x20 { offset += 1 }
        guard byte == UInt8(ascii: ":") else { throw Refusal() }
        offset += 1
        return key
    }

    // MARK: Scalars

    private mutating func scalarOrFlow(parent: Int) throws(Refusal) -> YAMLNode {
        let place = location()
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let node = try flow(depth: 0)
            guard isAtLineEnd() else { throw Refusal() }
            return node
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let text = try quoted(parent: parent)
            guard isAtLineEnd() else { throw Refusal() }
            return YAMLNode(.string(text), at: place)
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return YAMLNode(.string(try blockScalar(parent: parent)), at: place)
        default: return YAMLNode(PlainScalar.content(of: try plain(parent: parent)), at: place)
        }
    }

    func string(_ start: Int, _ end: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: text[start..<end]), as: UTF8.self)
    }

    /// A text without quotes, over as many lines as stand deeper than `parent`.
    private mutating func plain(parent: Int) throws(Refusal) -> String {
        var end = try plainLine()
        let start = offset
        offset = end.offset
        if end.hasComment { return try single(start, end.offset) }
        var folded: [UInt8]?
        while offset < text.count {
            let mark = (offset, line, lineStart)
            var breaks = 0
            while offset < text.count, text[offset] == 0x0A || text[offset] == 0x20 {
                if text[offset] == 0x0A {
                    newLine()
                    breaks += 1
                } else {
                    offset += 1
                }
            }
            guard breaks > 0, offset < text.count, column > parent, !isDocumentMarker, text[offset] != UInt8(ascii: "#") else {
                (offset, line, lineStart) = mark
                break
            }
            var bytes = folded ?? Array(text[start..<mark.0])
            bytes.append(contentsOf: breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1))
            end = try plainLine(isFirst: false)
            bytes.append(contentsOf: text[offset..<end.offset])
            folded = bytes
            offset = end.offset
            if end.hasComment { break }
        }
        if let folded {
            guard isAtLineEnd() else { throw Refusal() }
            return String(decoding: folded, as: UTF8.self)
        }
        return try single(start, offset)
    }

    private mutating func single(_ start: Int, _ end: Int) throws(Refusal) -> String {
        guard isAtLineEnd() else { throw Refusal() }
        return string(start, end)
    }

    /// Where the part of a plain text on this line ends, without the spaces at its end.
    private func plainLine(isFirst: Bool = true) throws(Refusal) -> (offset: Int, hasComment: Bool) {
        if isFirst {
            let first = text[offset]
            if ",[]{}#&*!|>'\"%@`".utf8.contains(first) { throw Refusal() }
            if "-?:".utf8.contains(first), isSpace(offset + 1) { throw Refusal() }
        }
        var index = offset
        var end = offset
        while index < text.count, text[index] != 0x0A {
            let byte = text[index]
            if byte == UInt8(ascii: ":"), isSpace(index + 1) { throw Refusal() }
            if byte == UInt8(ascii: "#"), index > offset, text[index - 1] == 0x20 { return (end, true) }
            index += 1
            if byte != 0x20 { end = index }
        }
        return (end, false)
    }
}
