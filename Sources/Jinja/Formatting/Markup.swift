/// HTML as text: without tags, without entities.
enum Markup {
    /// Removes comments and tags, decodes entities, and joins runs of whitespace.
    static func stripTags(_ text: String) -> String {
        let plain = removing(removing(text, from: "<!--", to: "-->"), from: "<", to: ">")
        return unescape(StringSplitting.split(plain, nil, -1).joined(separator: " "))
    }

    private static func removing(_ text: String, from open: String, to close: String) -> String {
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        var start = 0
        while let begin = TextSearch.find(open, in: text, from: start),
            let end = TextSearch.find(close, in: text, from: begin)
        {
            output.append(contentsOf: bytes[start..<begin])
            start = end + close.utf8.count
        }
        output.append(contentsOf: bytes[start...])
        return String(decoding: output, as: UTF8.self)
    }

    private static let entities: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "\u{A9}", "reg": "\u{AE}",
        "hellip": "\u{2026}", "mdash": "\u{2014}", "ndash": "\u{2013}", "lsquo": "\u{2018}", "rsquo": "\u{2019}",
        "ldquo": "\u{201C}", "rdquo": "\u{201D}", "euro": "\u{20AC}", "raquo": "\u{BB}", "laquo": "\u{AB}",
    ]

    /// Decodes numeric entities and the usual named ones.
    static func unescape(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var output = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            output += rest[..<mark]
            let tail = rest[rest.index(after: mark)...]
            guard let end = tail.prefix(12).firstIndex(of: ";"), let decoded = decode(tail[..<end]) else {
                output += "&"
                rest = tail
                continue
            }
            output += decoded
            rest = tail[tail.index(after: end)...]
        }
        return output + rest
    }

    private static func decode(_ entity: Substring) -> String? {
        guard entity.first == "#" else { return entities[String(entity)] }
        let digits = entity.dropFirst()
        let value = digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap { Unicode.Scalar($0) }.map { String($0) }
    }
}
