import Diagnostics

/// psql's `\copy table [(columns)] from 'file' [with] (options)`, taken apart.
struct CopyCommand: Sendable, Equatable {
    /// As written, with schema and quotes.
    let table: String
    /// As written, with the brackets; empty for all columns.
    let columnList: String
    /// Relative to the project.
    let file: String
    /// What follows the file: format, header, condition.
    let options: String

    /// The statement for the server.
    var sql: String { "copy \(table) \(columnList) from stdin \(options)" }

    /// - Parameter text: what stands behind `\copy`, to the end of the line.
    /// - Throws: ``ServicesError`` if it copies to somewhere, from a program, or cannot be read.
    init(_ text: Substring, script: String, at location: () -> SourceLocation) throws(ServicesError) {
        func refused(_ message: String) -> ServicesError {
            ServicesError(
                .scriptFailed, message, location: location(),
                hint: "write: \\copy table (columns) from 'file.csv' with (format csv, header)")
        }
        var rest = text.drop(while: \.isWhitespace)
        let target = Self.take(&rest) { token in token.lowercased() == "from" || token.lowercased() == "to" }
        guard let target, let direction = Self.token(&rest) else { throw refused("\\copy needs a table and a file") }
        guard direction.lowercased() == "from", !target.hasPrefix("(") else {
            throw refused("only \\copy ... from a file is supported in init scripts")
        }
        rest = rest.drop(while: \.isWhitespace)
        guard let name = Self.token(&rest), !["program", "stdin", "pstdin"].contains(name.lowercased()) else {
            throw refused("\\copy in an init script needs a file")
        }
        if name.hasPrefix("'") {
            guard name.count >= 2, name.hasSuffix("'") else { throw refused("the file name of \\copy has no closing quote") }
            file = name.dropFirst().dropLast().split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'")
        } else {
            file = String(name)
        }
        let bracket = target.hasSuffix(")") ? Self.openingBracket(of: target) : target.endIndex
        table = Self.trimmed(target[..<bracket])
        columnList = Self.trimmed(target[bracket...])
        var tail = Self.trimmed(rest[...])
        if tail.hasSuffix(";") { tail = Self.trimmed(tail.dropLast()) }
        options = tail
        guard !table.isEmpty, !file.isEmpty else { throw refused("\\copy needs a table and a file") }
    }

    /// Takes tokens up to one that ends; nil if none does.
    private static func take(_ rest: inout Substring, until isEnd: (Substring) -> Bool) -> Substring? {
        let begin = rest.startIndex
        while !rest.isEmpty {
            let before = rest
            guard let token = token(&rest) else { return nil }
            if isEnd(token) {
                let taken = before.base[begin..<before.startIndex]
                rest = before.drop(while: \.isWhitespace)
                return Substring(trimmed(taken))
            }
        }
        return nil
    }

    /// The next word, quoted text or bracketed part; leading white space is skipped.
    private static func token(_ rest: inout Substring) -> Substring? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        var end = rest.startIndex
        switch first {
        case "'", "\"":
            end = afterQuoted(rest, from: end, first)
        case "(":
            var depth = 0
            while end < rest.endIndex {
                switch rest[end] {
                case "'", "\"":
                    end = afterQuoted(rest, from: end, rest[end])
                    continue
                case "(": depth += 1
                case ")": depth -= 1
                default: break
                }
                end = rest.index(after: end)
                if depth == 0 { break }
            }
        default:
            end = rest[end...].firstIndex { $0.isWhitespace || $0 == "(" || $0 == "\"" || $0 == "'" } ?? rest.endIndex
        }
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    private static func afterQuoted(_ text: Substring, from start: Substring.Index, _ quote: Character) -> Substring.Index {
        var index = text.index(after: start)
        while index < text.endIndex {
            let isQuote = text[index] == quote
            index = text.index(after: index)
            if isQuote {
                guard index < text.endIndex, text[index] == quote else { return index }
                index = text.index(after: index)
            }
        }
        return index
    }

    /// Where the last bracketed part of `text` begins.
    private static func openingBracket(of text: Substring) -> Substring.Index {
        var depth = 0
        for index in text.indices.reversed() {
            if text[index] == ")" { depth += 1 }
            if text[index] == "(" {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return text.endIndex
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text).drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
