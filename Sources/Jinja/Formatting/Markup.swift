/// HTML as text: without tags, without entities.
enum Markup {
    /// Removes comments and tags, decodes entities, and joins runs of whitespace.
    static func stripTags(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var place = 0
        // What is not closed stays, with all behind it.
        while let start = TextSearch.find("<", in: text, from: place) {
            let isComment = bytes[start...].starts(with: "<!--".utf8)
            let mark = isComment ? "-->" : ">"
            guard let end = TextSearch.find(mark, in: text, from: isComment ? start + 4 : start) else { break }
            output.append(contentsOf: bytes[place..<start])
            place = end + mark.utf8.count
        }
        output.append(contentsOf: bytes[place...])
        let plain = String(decoding: output, as: UTF8.self)
        return unescape(StringSplitting.split(plain, nil, -1).joined(separator: " "))
    }

    /// Decodes character references.
    static func unescape(_ text: String) -> String { HTMLEntities.unescape(text) }
}
