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

    /// Decodes character references.
    static func unescape(_ text: String) -> String { HTMLEntities.unescape(text) }
}
