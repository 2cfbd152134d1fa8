#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cuts the bytes of a template into tokens.
///
/// An error becomes a token of kind ``TokenKind/failure``, so that the parser reports whichever error comes first.
struct Lexer {
    let bytes: UnsafeBufferPointer<UInt8>
    let rules: LexerRules
    private var tokens: UnsafeMutablePointer<Token>
    private var tokenCount = 0
    private var tokenRoom: Int
    var position = 0
    /// Closing brackets that are still expected, innermost last.
    var brackets: [UInt8] = []
    /// The message and place of the error, if there is one.
    private(set) var failure: (message: String, offset: Int)?

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ rules: LexerRules) {
        self.bytes = bytes
        self.rules = rules
        tokenRoom = bytes.count / 4 + 16
        tokens = .allocate(capacity: tokenRoom)
        brackets.reserveCapacity(16)
    }

    /// Reads everything. The caller frees the tokens.
    mutating func run() -> (tokens: UnsafeMutablePointer<Token>, count: Int) {
        while failure == nil && position < bytes.count { readText() }
        emit(.end, bytes.count, bytes.count)
        return (tokens, tokenCount)
    }

    @inline(never) private mutating func makeRoom() {
        let larger = UnsafeMutablePointer<Token>.allocate(capacity: tokenRoom * 2)
        larger.initialize(from: tokens, count: tokenCount)
        tokens.deallocate()
        tokens = larger
        tokenRoom *= 2
    }

    @inline(__always) mutating func emit(_ kind: TokenKind, _ start: Int, _ end: Int, _ word: Keyword = .other) {
        if tokenCount == tokenRoom { makeRoom() }
        (tokens + tokenCount).initialize(
            to: Token(
                kind: kind, word: word, start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end)))
        tokenCount += 1
    }

    mutating func fail(_ message: String, at offset: Int) {
        failure = (message, offset)
        emit(.failure, offset, offset)
        position = bytes.count
    }

    /// Whether the bytes at an offset are the given ones.
    @inline(__always) func matches(_ part: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset + part.count <= bytes.count else { return false }
        for index in part.indices where bytes[offset + index] != part[index] { return false }
        return true
    }

    // MARK: Text

    private mutating func readText() {
        let start = position
        guard let (opening, at, length) = rules.hasLinePrefixes ? nextOpeningWithLines() : nextOpening() else {
            if start < bytes.count { emit(.data, start, bytes.count) }
            position = bytes.count
            return
        }
        if opening == .block, let end = rawEnd(at) { return readRaw(start, at, bodyStart: end) }
        var next = at + length
        let sign = next < bytes.count ? bytes[next] : 0
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { next += 1 }
        emitData(start, at, sign, lstrip: opening != .variable)
        position = next
        switch opening {
        case .comment: readComment(at)
        case .lineComment: skipLineComment()
        case .variable:
            emit(.variableBegin, at, next)
            readCode(.variable)
        case .block:
            emit(.blockBegin, at, next)
            readCode(.block)
        case .lineStatement:
            emit(.blockBegin, at, next)
            readCode(.lineStatement)
        }
    }

    /// The next delimiter, its offset and its length.
    private func nextOpening() -> (LexerRules.Opening, Int, Int)? {
        if rules.isStandard { return nextStandardOpening() }
        var index = position
        let starts = rules.startsDelimiter
        let count = bytes.count
        while index < count {
            if starts[Int(bytes[index])] {
                for rule in rules.openings where matches(rule.bytes, at: index) {
                    return (rule.opening, index, rule.bytes.count)
                }
            }
            index += 1
        }
        return nil
    }

    /// The next delimiter, where delimiters are Jinja's own.
    private func nextStandardOpening() -> (LexerRules.Opening, Int, Int)? {
        guard let base = bytes.baseAddress else { return nil }
        var index = position
        let last = bytes.count - 1
        while index < last {
            guard let found = memchr(base + index, Int32(UInt8(ascii: "{")), last - index) else { return nil }
            index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            switch base[index + 1] {
            case UInt8(ascii: "%"): return (.block, index, 2)
            case UInt8(ascii: "{"): return (.variable, index, 2)
            case UInt8(ascii: "#"): return (.comment, index, 2)
            default: index += 1
            }
        }
        return nil
    }

    private func nextOpeningWithLines() -> (LexerRules.Opening, Int, Int)? {
        for index in position..<bytes.count {
            let isLineStart = index == 0 || bytes[index - 1] == UInt8(ascii: "\n")
            for rule in rules.openings {
                var at = index
                switch rule.opening {
                case .lineStatement:
                    guard isLineStart else { continue }
                    while at < bytes.count, [0x20, 0x09, 0x0B].contains(bytes[at]) { at += 1 }
                case .lineComment:
                    guard isLineStart || !Lexer.isSpace(bytes[index - 1]) else { continue }
                    while at < bytes.count, Lexer.isSpace(bytes[at]), bytes[at] != 0x0A { at += 1 }
                default: break
                }
                if matches(rule.bytes, at: at) { return (rule.opening, index, at - index + rule.bytes.count) }
            }
        }
        return nil
    }

    /// Emits text before a tag, stripped as the tag's sign and the environment say.
    private mutating func emitData(_ start: Int, _ end: Int, _ sign: UInt8, lstrip: Bool) {
        var end = end
        if sign == UInt8(ascii: "-") {
            end = Lexer.trimmedEnd(bytes, start, end)
        } else if sign != UInt8(ascii: "+") && rules.stripsLeft && lstrip {
            var lineStart = end
            while lineStart > start && bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
            let isLineStart = lineStart > start || start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
            if isLineStart && Lexer.trimmedEnd(bytes, lineStart, end) == lineStart { end = lineStart }
        }
        if end > start { emit(.data, start, end) }
    }

    private mutating func readComment(_ start: Int) {
        var index = position
        while index < bytes.count {
            if let end = closing(rules.commentEnd, at: index, plus: true, trims: rules.trimsBlocks) {
                position = end
                return
            }
            index += 1
        }
        // A tag that is the last thing of a template is ignored, as in Jinja.
        if position < bytes.count {
            fail("Missing end of comment tag: expected the end of the comment that begins here", at: start)
        }
    }

    private mutating func skipLineComment() {
        while position < bytes.count && bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    /// The end of a closing delimiter with its sign and the whitespace it removes; nil when there is none here.
    func closing(_ delimiter: [UInt8], at offset: Int, plus: Bool, trims: Bool) -> Int? {
        let sign = bytes[offset]
        if plus && sign == UInt8(ascii: "+") && matches(delimiter, at: offset + 1) { return offset + 1 + delimiter.count }
        if sign == UInt8(ascii: "-") && matches(delimiter, at: offset + 1) {
            return Lexer.skipSpace(bytes, offset + 1 + delimiter.count)
        }
        guard matches(delimiter, at: offset) else { return nil }
        let end = offset + delimiter.count
        return trims && end < bytes.count && bytes[end] == UInt8(ascii: "\n") ? end + 1 : end
    }

    // MARK: Raw blocks

    /// The end of `{% raw %}` when one begins here.
    private func rawEnd(_ offset: Int) -> Int? {
        guard var index = keyword("raw", afterBlockStartAt: offset)?.end, index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "-"), matches(rules.blockEnd, at: index + 1) {
            index += 1 + rules.blockEnd.count
            return Lexer.skipSpace(bytes, index)
        }
        return matches(rules.blockEnd, at: index) ? index + rules.blockEnd.count : nil
    }

    private func keyword(_ word: StaticString, afterBlockStartAt offset: Int) -> (sign: UInt8, end: Int)? {
        guard matches(rules.blockStart, at: offset) else { return nil }
        var index = offset + rules.blockStart.count
        var sign: UInt8 = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            sign = bytes[index]
            index += 1
        }
        index = Lexer.skipSpace(bytes, index)
        let count = word.utf8CodeUnitCount
        guard index + count <= bytes.count else { return nil }
        for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return nil }
        return (sign, Lexer.skipSpace(bytes, index + count))
    }

    private mutating func readRaw(_ start: Int, _ tag: Int, bodyStart: Int) {
        emitData(start, tag, keyword("raw", afterBlockStartAt: tag)?.sign ?? 0, lstrip: true)
        var index = bodyStart
        while index < bytes.count {
            if let (sign, end) = keyword("endraw", afterBlockStartAt: index), end < bytes.count,
                let next = closing(rules.blockEnd, at: end, plus: true, trims: rules.trimsBlocks)
            {
                emitData(bodyStart, index, sign, lstrip: true)
                position = next
                return
            }
            index += 1
        }
        if bodyStart < bytes.count { fail("Missing end of raw directive: expected 'endraw'", at: tag) }
        position = bytes.count
    }
}
