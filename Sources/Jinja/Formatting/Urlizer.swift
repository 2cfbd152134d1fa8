/// Turns the URLs and mail addresses in escaped text into links.
struct Urlizer {
    private let limit: Int?
    private let attributes: String
    private let extraSchemes: [String]

    init(limit: Int?, relations: String, target: String?, extraSchemes: [String]) {
        self.limit = limit
        let words = Set(StringSplitting.split(relations, nil, -1)).sorted().joined(separator: " ")
        attributes =
            (words.isEmpty ? "" : " rel=\"\(Escaping.escape(words))\"")
            + (target.map { $0.isEmpty ? "" : " target=\"\(Escaping.escape($0))\"" } ?? "")
        self.extraSchemes = extraSchemes
    }

    /// The text with links.
    func link(_ text: String) throws -> String {
        for scheme in extraSchemes where !Urlizer.isScheme(scheme) {
            throw TemplateError.filterArgument("\(Value.string(scheme).pythonRepr) is not a valid URI scheme prefix.")
        }
        var result = ""
        var word = ""
        for character in text.unicodeScalars {
            if Text.isSpace(character) {
                result += linkWord(word)
                word = ""
                result.unicodeScalars.append(character)
            } else {
                word.unicodeScalars.append(character)
            }
        }
        return result + linkWord(word)
    }

    private static func isScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let rest = text[text.index(after: colon)...]
        return text[..<colon].count >= 2 && text[..<colon].allSatisfy { $0.isLetter || $0.isNumber || "_.+-".contains($0) }
            && ["", "/", "//"].contains(String(rest))
    }

    private func linkWord(_ word: String) -> String {
        guard word.utf8.count > 2 else { return word }
        var (head, middle, tail) = ("", word, "")
        peel: while true {
            for mark in ["(", "<", "&lt;"] where middle.hasPrefix(mark) {
                head += mark
                middle.removeFirst(mark.count)
                continue peel
            }
            break
        }
        peel: while true {
            for mark in [")", ">", ".", ",", "\n", "&gt;"] where middle.hasSuffix(mark) {
                tail = mark + tail
                middle.removeLast(mark.count)
                continue peel
            }
            break
        }
        for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
            let missing = count(open, in: middle) - count(close, in: middle)
            guard missing > 0 else { continue }
            for _ in 0..<min(count(open, in: middle), count(close, in: tail)) {
                guard let hit = TextSearch.find(close, in: tail) else { break }
                let end = hit + close.utf8.count
                middle += Text.string(tail.utf8.prefix(end))
                tail = Text.string(tail.utf8.dropFirst(end))
            }
        }
        return head + anchor(middle) + tail
    }

    private func count(_ part: String, in text: String) -> Int { StringSplitting.split(text, part, -1).count - 1 }

    private func anchor(_ text: String) -> String {
        if isWeb(text) {
            let hasScheme = text.hasPrefix("https://") || text.hasPrefix("http://")
            return "<a href=\"\(hasScheme ? "" : "https://")\(text)\"\(attributes)>\(trimmed(text))</a>"
        }
        if text.hasPrefix("mailto:"), isMail(String(text.dropFirst(7))) {
            return "<a href=\"\(text)\">\(text.dropFirst(7))</a>"
        }
        if text.contains("@"), !text.hasPrefix("www."), !text.hasPrefix("@"), !text.contains(":"), isMail(text) {
            return "<a href=\"mailto:\(text)\">\(text)</a>"
        }
        for scheme in extraSchemes where text != scheme && text.hasPrefix(scheme) {
            return "<a href=\"\(text)\"\(attributes)>\(text)</a>"
        }
        return text
    }

    private func trimmed(_ text: String) -> String {
        guard let limit, Text.length(text) > limit else { return text }
        return String(text.unicodeScalars.prefix(limit)) + "..."
    }

    private func isWeb(_ text: String) -> Bool {
        var rest = text[...]
        var isExplicit = false
        for scheme in ["https://", "http://"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            isExplicit = true
        }
        if !isExplicit, rest.lowercased().hasPrefix("www.") {
            return isHost(rest.dropFirst(4).prefix { !"/?#:".contains($0) }, strict: false)
        }
        let host = rest.prefix { !"/?#:".contains($0) }
        if isExplicit { return isHost(host, strict: false) }
        let suffixes = [".com", ".net", ".int", ".edu", ".gov", ".org", ".info", ".mil"]
        return suffixes.contains { host.lowercased().hasSuffix($0) } && isHost(host, strict: true)
    }

    private func isHost(_ host: Substring, strict: Bool) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = host.hasPrefix("[") || labels.allSatisfy { Int($0) != nil } && labels.count == 4
        return isAddress
            || (labels.count > (strict ? 1 : 0) && !host.isEmpty
                && labels.allSatisfy { label in
                    !label.isEmpty
                        && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "%" || $0 == "@" }
                })
    }

    private func isMail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy({ !$0.isWhitespace }) else { return false }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1
            && labels.allSatisfy { label in
                !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            }
    }
}
