extension BlockYAMLParser {
    /// A text in quotes; on several lines it is folded.
    ///
    /// - Parameter parent: the lines after the first must stand deeper; with the greatest number there may be no others.
    mutating func quoted(parent: Int) throws(Refusal) -> String {
        let quote = byte
        offset += 1
        let start = offset
        // Most texts are on one line and have no escapes.
        while offset < text.count, text[offset] != quote, text[offset] != 0x0A, text[offset] != UInt8(ascii: "\\") { offset += 1 }
        guard offset < text.count else { throw Refusal() }
        if text[offset] == quote, peek(1) != quote {
            offset += 1
            return string(start, offset - 1)
        }
        var bytes = Array(text[start..<offset])
        while offset < text.count {
            let byte = text[offset]
            switch byte {
            case quote where quote == UInt8(ascii: "'") && peek(1) == quote:
                bytes.append(byte)
                offset += 2
            case quote:
                offset += 1
                return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): try escape(into: &bytes)
            case 0x0A:
                guard parent < Int.max else { throw Refusal() }
                try fold(into: &bytes, parent: parent)
            default:
                bytes.append(byte)
                offset += 1
            }
        }
        throw Refusal()
    }

    /// One end of a line is a space, each further one a line feed.
    private mutating func fold(into bytes: inout [UInt8], parent: Int) throws(Refusal) {
        while bytes.last == 0x20 { bytes.removeLast() }
        var breaks = 0
        var start = offset
        while offset < text.count, text[offset] == 0x0A || text[offset] == 0x20 {
            if text[offset] == 0x0A {
                newLine()
                breaks += 1
                start = offset
            } else {
                offset += 1
            }
        }
        guard offset - start > parent else { throw Refusal() }
        bytes.append(contentsOf: breaks == 1 ? [0x20] : Array(repeating: 0x0A, count: breaks - 1))
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(Refusal) {
        let code = peek(1)
        offset += 2
        switch code {
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "0"): bytes.append(0)
        case UInt8(ascii: "e"): bytes.append(0x1B)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: " "): bytes.append(code)
        default: throw Refusal()
        }
    }

    /// `|` and `>`, by the rules of libyaml.
    mutating func blockScalar(parent: Int) throws(Refusal) -> String {
        let isLiteral = byte == UInt8(ascii: "|")
        offset += 1
        var chomping: UInt8 = 0
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
            chomping = byte
            offset += 1
        }
        while byte == 0x20 { offset += 1 }
        if byte == UInt8(ascii: "#"), text[offset - 1] == 0x20 { while offset < text.count, byte != 0x0A { offset += 1 } }
        guard offset >= text.count || byte == 0x0A else { throw Refusal() }
        if offset < text.count { newLine() }
        var result: [UInt8] = []
        var trailing = 0
        var widest = 0
        // Empty lines before the text; the first other one says how deep it stands.
        while true {
            let start = offset
            while byte == 0x20 { offset += 1 }
            widest = max(widest, offset - start)
            guard offset < text.count, byte == 0x0A else {
                offset = start
                break
            }
            newLine()
            trailing += 1
        }
        let indent = max(widest, max(parent + 1, 1))
        var hasBreak = false
        var leadingBlank = false
        while offset < text.count, hasIndent(indent) {
            offset += indent
            let isBlank = byte == 0x20
            if !isLiteral, hasBreak, !leadingBlank, !isBlank {
                if trailing == 0 { result.append(0x20) }
            } else if hasBreak {
                result.append(0x0A)
            }
            result.append(contentsOf: repeatElement(0x0A, count: trailing))
            trailing = 0
            leadingBlank = isBlank
            let start = offset
            while offset < text.count, text[offset] != 0x0A { offset += 1 }
            result.append(contentsOf: text[start..<offset])
            hasBreak = offset < text.count
            if hasBreak { newLine() }
            while offset < text.count, let length = blankLength(indent) {
                offset += length
                newLine()
                trailing += 1
            }
        }
        if chomping != UInt8(ascii: "-"), hasBreak { result.append(0x0A) }
        if chomping == UInt8(ascii: "+") { result.append(contentsOf: repeatElement(0x0A, count: trailing)) }
        return String(decoding: result, as: UTF8.self)
    }

    private func hasIndent(_ indent: Int) -> Bool {
        guard offset + indent <= text.count else { return false }
        for index in offset..<(offset + indent) where text[index] != 0x20 { return false }
        return offset + indent < text.count
    }

    /// The spaces of a line that holds nothing else and at most `indent` of them.
    private func blankLength(_ indent: Int) -> Int? {
        var index = offset
        while index < text.count, text[index] == 0x20, index - offset < indent { index += 1 }
        return index < text.count && text[index] == 0x0A ? index - offset : nil
    }

    // MARK: Flow

    /// `[a, b]` or `{a: b}`.
    mutating func flow(depth: Int) throws(Refusal) -> YAMLNode {
        guard depth < 100 else { throw Refusal() }
        let place = location()
        let isMapping = byte == UInt8(ascii: "{")
        let close = UInt8(ascii: isMapping ? "}" : "]")
        offset += 1
        var items: [YAMLNode] = []
        var members: [YAMLNode.Member] = []
        while true {
            skipToContent()
            guard offset < text.count else { throw Refusal() }
            if byte == close { break }
            if isMapping {
                let member = try flowMember(depth: depth)
                if member.key == "<<" || members.contains(where: { $0.key == member.key }) { throw Refusal() }
                members.append(member)
            } else {
                items.append(try flowItem(depth: depth))
            }
            skipToContent()
            if byte == UInt8(ascii: ",") { offset += 1 } else if byte != close { throw Refusal() }
        }
        offset += 1
        return isMapping ? YAMLNode(.mapping(members), at: place) : YAMLNode(.sequence(items), at: place)
    }

    private mutating func flowMember(depth: Int) throws(Refusal) -> YAMLNode.Member {
        let place = location()
        let isQuoted = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        let key = isQuoted ? try quoted(parent: Int.max) : try flowPlain()
        while byte == 0x20 { offset += 1 }
        guard byte == UInt8(ascii: ":"), isQuoted || isSpace(offset + 1) || isFlowEnd(peek(1)) else { throw Refusal() }
        offset += 1
        let after = location()
        skipToContent()
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") {
            return YAMLNode.Member(key: key, keyLocation: place, value: YAMLNode(.null, at: after))
        }
        return YAMLNode.Member(key: key, keyLocation: place, value: try flowItem(depth: depth))
    }

    private mutating func flowItem(depth: Int) throws(Refusal) -> YAMLNode {
        let place = location()
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try flow(depth: depth + 1)
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let text = try quoted(parent: Int.max)
            skipToContent()
            // `["a": 1]` is a mapping of one.
            if byte == UInt8(ascii: ":") { throw Refusal() }
            return YAMLNode(.string(text), at: place)
        default:
            let text = try flowPlain()
            if byte == UInt8(ascii: ":") { throw Refusal() }
            return YAMLNode(PlainScalar.content(of: text), at: place)
        }
    }

    private func isFlowEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "[")
            || byte == UInt8(ascii: "{")
    }

    /// A text without quotes on one line.
    private mutating func flowPlain() throws(Refusal) -> String {
        let first = byte
        if "#&*!|>'\"%@`?:,[]{}".utf8.contains(first) { throw Refusal() }
        if first == UInt8(ascii: "-"), isSpace(offset + 1) || isFlowEnd(peek(1)) { throw Refusal() }
        let start = offset
        var end = offset
        while offset < text.count {
            let byte = text[offset]
            if isFlowEnd(byte) { break }
            if byte == UInt8(ascii: ":"), isSpace(offset + 1) || isFlowEnd(peek(1)) { break }
            if byte == 0x0A || byte == UInt8(ascii: "?") { throw Refusal() }
            if byte == UInt8(ascii: "#"), text[offset - 1] == 0x20 { throw Refusal() }
            offset += 1
            if byte != 0x20 { end = offset }
        }
        return string(start, end)
    }
}
