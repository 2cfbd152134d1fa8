import Diagnostics

/// Cuts a script into statements and psql's `\copy`, as psql does: at semicolons outside of quotes, comments, brackets
/// and the bodies of SQL functions.
struct ScriptLexer {
    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    /// Where the statement began that is being read.
    private var start: Int?
    private var depth = 0
    /// The statement's words outside of brackets, in lower case; the first few are all that is needed.
    private var words: [String] = []
    /// BEGIN and CASE in the body of an SQL function that have no END yet.
    private var openBlocks = 0

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        // The mark that some editors put before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    mutating func steps() throws(ServicesError) -> [InitScript.Step] {
        var steps: [InitScript.Step] = []
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), 0x0B, 0x0C:
                position += 1
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
                skipLine()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
                skipComment()
            case UInt8(ascii: ";") where depth == 0 && openBlocks == 0:
                position += 1
                if let step = try endStatement(at: position - 1) { steps.append(step) }
            case UInt8(ascii: "\\"):
                if let step = try metaCommand() { steps.append(step) }
            default:
                if start == nil { start = position }
                skipToken(byte)
            }
        }
        if let step = try endStatement(at: bytes.count) { steps.append(step) }
        return steps
    }

    private func peek(_ ahead: Int = 0) -> UInt8? { position + ahead < bytes.count ? bytes[position + ahead] : nil }

    // MARK: - Statements

    private mutating func endStatement(at end: Int) throws(ServicesError) -> InitScript.Step? {
        defer {
            start = nil
            depth = 0
            words = []
            openBlocks = 0
        }
        guard let start else { return nil }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        let first = words.first ?? ""
        if first == "copy", let from = words.firstIndex(of: "from"), words.dropFirst(from + 1).first == "stdin" {
            return .inlineCopy(text: text, offset: start, data: inlineData())
        }
        let isControl = ["begin", "commit", "end", "rollback", "abort"].contains(first)
        guard !isControl, !["start", "prepare"].contains(first) || words.dropFirst().first != "transaction" else {
            throw refused(
                "\(first) cannot stand in an init script", at: start,
                hint: "the whole script runs in one transaction: take it out")
        }
        return .statement(text: text, offset: start)
    }

    /// The lines after `copy ... from stdin;` up to `\.`.
    private mutating func inlineData() -> Range<Int> {
        skipLine()
        let begin = position
        while position < bytes.count {
            let line = position
            skipLine()
            if bytes[line..<position].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: ".")]) { return begin..<line }
        }
        return begin..<position
    }

    /// psql's commands on the client's side: only `\copy` means something here, and settings of the display mean nothing.
    private mutating func metaCommand() throws(ServicesError) -> InitScript.Step? {
        let offset = position
        let begin = position + 1
        skipLine()
        let line = String(decoding: bytes[begin..<position], as: UTF8.self)
        let name = String(line.prefix { !$0.isWhitespace })
        guard start == nil else { throw refused("\\\(name) cannot stand in a statement of an init script", at: offset) }
        switch name {
        case "copy":
            return .copy(try CopyCommand(line.dropFirst(name.count), script: path, at: { location(offset) }), offset: offset)
        case "set", "unset", "echo", "qecho", "warn", "timing", "pset", "x", "a", "t", "restrict", "unrestrict": return nil
        default:
            throw refused(
                "\\\(name) is not supported in init scripts", at: offset,
                hint: "of psql's own commands only \\copy is; further scripts can be listed under init in leat.yml")
        }
    }

    private func refused(_ message: String, at offset: Int, hint: String? = nil) -> ServicesError {
        ServicesError(.scriptFailed, message, location: location(offset), hint: hint)
    }

    private func location(_ offset: Int) -> SourceLocation { InitScript.location(offset, in: bytes, of: path) }

    // MARK: - Tokens

    private mutating func skipToken(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"): skipQuoted(byte, hasEscapes: false)
        case UInt8(ascii: "\""): skipQuoted(byte, hasEscapes: false)
        case UInt8(ascii: "$"): skipDollarQuoted()
        case UInt8(ascii: "("):
            depth += 1
            position += 1
        case UInt8(ascii: ")"):
            depth = max(0, depth - 1)
            position += 1
        case _ where Self.isWord(byte): skipWord()
        default: position += 1
        }
    }

    private mutating func skipLine() {
        while let byte = peek() {
            position += 1
            if byte == UInt8(ascii: "\n") { return }
        }
    }

    private mutating func skipComment() {
        var open = 0
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                open += 1
                position += 2
            } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                open -= 1
                position += 2
                if open == 0 { return }
            } else {
                position += 1
            }
        }
    }

    /// A quote within doubles itself, which reads as two quoted parts side by side.
    private mutating func skipQuoted(_ quote: UInt8, hasEscapes: Bool) {
        position += 1
        while let byte = peek() {
            position += hasEscapes && byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == quote { return }
        }
        position = bytes.count
    }

    /// `$$ ... $$` or `$tag$ ... $tag$`; a `$1` is only a dollar.
    private mutating func skipDollarQuoted() {
        var end = position + 1
        while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
        let isTag = end < bytes.count && bytes[end] == UInt8(ascii: "$") && !Self.isDigit(bytes[position + 1])
        guard isTag else { return position += 1 }
        let tag = bytes[position...end]
        position = end + 1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "$"), bytes[position...].starts(with: tag) { return position += tag.count }
            position += 1
        }
    }

    private mutating func skipWord() {
        let begin = position
        while let byte = peek(), Self.isWord(byte) || byte == UInt8(ascii: "$") { position += 1 }
        if peek() == UInt8(ascii: "'"), position - begin == 1, bytes[begin] | 0x20 == UInt8(ascii: "e") {
            return skipQuoted(UInt8(ascii: "'"), hasEscapes: true)
        }
        guard depth == 0 else { return }
        let word = String(decoding: bytes[begin..<position], as: UTF8.self).lowercased()
        if words.count < 64 { words.append(word) }
        // The body of an SQL function may hold semicolons: CREATE [OR REPLACE] FUNCTION ... BEGIN ATOMIC ...; ...; END.
        let named = words.dropFirst().prefix(3).drop { $0 == "or" || $0 == "replace" }.first
        guard words.first == "create", named == "function" || named == "procedure" else { return }
        switch word {
        case "begin": openBlocks += 1
        case "case": openBlocks += openBlocks > 0 ? 1 : 0
        case "end": openBlocks = max(0, openBlocks - 1)
        default: break
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
