import Diagnostics

/// Cuts Python source into tokens: as much of the language as finding calls with literals takes.
struct PythonLexer {
    private let characters: [Character]
    private var index = 0
    private var line = 1
    private var indent = 0
    private var tokens: [PythonToken] = []

    /// - Throws: ``TransformError`` where a text does not end.
    static func tokens(of source: String) throws(TransformError) -> [PythonToken] {
        var lexer = PythonLexer(characters: Array(source))
        try lexer.run()
        return lexer.tokens
    }

    private init(characters: [Character]) { self.characters = characters }

    private func character(at place: Int) -> Character? { place < characters.count ? characters[place] : nil }

    private mutating func run() throws(TransformError) {
        measureIndent()
        while let character = character(at: index) {
            if character.isNewline {
                index += 1
                line += 1
                measureIndent()
            } else if character.isWhitespace {
                index += 1
            } else if character == "#" {
                while let next = self.character(at: index), !next.isNewline { index += 1 }
            } else if character == "\"" || character == "'" {
                try text(prefix: "")
            } else if character.isLetter || character == "_" {
                let start = index
                while let next = self.character(at: index), next.isLetter || next.isNumber || next == "_" { index += 1 }
                let name = String(characters[start..<index])
                let isPrefix = name.count <= 2 && name.lowercased().allSatisfy { "rbuft".contains($0) }
                if isPrefix, self.character(at: index) == "\"" || self.character(at: index) == "'" {
                    try text(prefix: name.lowercased())
                } else {
                    append(.name(name))
                }
            } else if character.isNumber {
                let start = index
                while let next = self.character(at: index), next.isLetter || next.isNumber || next == "." || next == "_" {
                    index += 1
                }
                append(.number(String(characters[start..<index]).replacing("_", with: "")))
            } else {
                append(.sign(character))
                index += 1
            }
        }
    }

    private mutating func append(_ kind: PythonToken.Kind) {
        tokens.append(PythonToken(kind: kind, line: line, indent: indent))
    }

    private mutating func measureIndent() {
        var place = index
        while let next = character(at: place), next == " " || next == "\t" { place += 1 }
        indent = place - index
    }

    /// A text in one or three quotes.
    private mutating func text(prefix: String) throws(TransformError) {
        let start = line
        let quote = characters[index]
        let isLong = character(at: index + 1) == quote && character(at: index + 2) == quote
        let width = isLong ? 3 : 1
        index += width
        var value = ""
        var fields: [String] = []
        while true {
            guard let character = character(at: index), isLong || !character.isNewline else {
                throw TransformError(
                    .compilation, "a text that begins here does not end", location: .init(file: "", line: start),
                    hint: "add the closing \(String(repeating: String(quote), count: width))")
            }
            if character == quote, !isLong || (self.character(at: index + 1) == quote && self.character(at: index + 2) == quote) {
                index += width
                break
            }
            if character.isNewline { line += 1 }
            if character == "\\" {
                value += prefix.contains("r") ? "\\" + String(self.character(at: index + 1) ?? " ") : escape()
                index += 2
            } else if character == "{", prefix.contains("f") {
                fields.append(field())
            } else {
                value.append(character)
                index += 1
            }
        }
        tokens.append(PythonToken(kind: .text(value, fields: fields), line: start, indent: indent))
    }

    private func escape() -> String {
        switch character(at: index + 1) {
        case "n": "\n"
        case "t": "\t"
        case "r": "\r"
        case "\n": ""
        case let other?: String(other) == "\\" || other == "'" || other == "\"" ? String(other) : "\\" + String(other)
        case nil: ""
        }
    }

    /// What stands in braces of an f-string.
    private mutating func field() -> String {
        index += 1
        if character(at: index) == "{" {
            index += 1
            return ""
        }
        let start = index
        var depth = 1
        while let character = character(at: index) {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character.isNewline { line += 1 }
            if depth == 0 { break }
            index += 1
        }
        let source = String(characters[start..<min(index, characters.count)])
        index += 1
        return source
    }
}
