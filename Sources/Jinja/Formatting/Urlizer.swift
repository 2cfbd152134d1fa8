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

    /// Whether a word is a web address: a scheme or `www.` and a host, or a host below a well-known domain.
    private func isWeb(_ text: String) -> Bool {
        let lower = text.lowercased()
        for scheme in ["https://", "http://", "www."] where lower.hasPrefix(scheme) {
            let rest = lower.dropFirst(scheme.count)
            guard let host = hostBeforePath(rest) else { return false }
            if scheme != "www.", isAddress(host) { return true }
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            guard let last = labels.last, labels.dropLast().allSatisfy({ !$0.isEmpty && $0.allSatisfy(isLabel) }) else {
                return false
            }
            let isInternational = last.hasPrefix("xn--") && last.count > 5 && last.dropFirst(4).allSatisfy(isLabel)
            return isInternational || (2...63).contains(last.count) && last.allSatisfy { ("a"..."z").contains($0) }
        }
        guard let host = hostBeforePath(lower[...]) else { return false }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let domains: Set<Substring> = ["com", "net", "int", "edu", "gov", "org", "info", "mil"]
        return labels.count > 1 && domains.contains(labels[labels.count - 1])
            && labels.dropLast().allSatisfy { (2...63).contains($0.count) && $0.allSatisfy(isLabel) }
    }

    private func isLabel(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "%" || character == "-"
    }

    /// The host, nil when what follows is neither a port nor a path.
    private func hostBeforePath(_ text: Substring) -> Substring? {
        let bracket = text.first == "[" ? text.firstIndex(of: "]").map { text.index(after: $0) } : nil
        let host = bracket.map { text[..<$0] } ?? text.prefix { !"/?#:".contains($0) }
        var rest = text[host.endIndex...]
        if rest.first == ":" {
            let port = rest.dropFirst().prefix { ("0"..."9").contains($0) }
            guard (1...5).contains(port.count) else { return nil }
            rest = rest.dropFirst(port.count + 1)
        }
        return rest.isEmpty || "/?#".contains(rest.first ?? " ") ? host : nil
    }

    private func isAddress(_ host: Substring) -> Bool {
        if host.hasPrefix("[") {
            return host.contains(":") && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" }
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy { ("0"..."9").contains($0) } }
    }

    private func isMail(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@"), at > text.startIndex else { return false }
        let host = text[text.index(after: at)...]
        guard let dot = host.lastIndex(of: "."), let first = host.first, first != ".", first != "-" else { return false }
        let top = host[host.index(after: dot)...]
        func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
        return !top.isEmpty && top.allSatisfy(isWord) && host[..<dot].allSatisfy { isWord($0) || $0 == "." || $0 == "-" }
    }
}
