/// How the rows of a COPY are written, as far as it takes to find one of them.
struct DataFormat: Sendable, Equatable {
    var isCSV = false
    var isBinary = false
    /// Whether the text is UTF-8, as it is unless the options name an encoding.
    var isUTF8 = true
    var delimiter = UInt8(ascii: "\t")
    var quote = UInt8(ascii: "\"")
    var escape = UInt8(ascii: "\"")

    /// Reads the options of a COPY, in brackets or in the old form without them.
    init(options: String) {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in options {
            if character == "'" {
                isQuoted.toggle()
            } else if !isQuoted, character.isWhitespace || "(),".contains(character) {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }

        let names = words.map { $0.lowercased() }
        isCSV = names.contains("csv") || names.contains("'csv'")
        isBinary = names.contains("binary") || names.contains("'binary'")
        if isCSV { delimiter = UInt8(ascii: ",") }
        func character(_ name: String) -> UInt8? {
            guard let index = names.firstIndex(of: name) else { return nil }
            // In the old form: DELIMITER AS ','.
            let value = words.dropFirst(index + 1).first { $0.lowercased() != "as" }
            return value.flatMap { $0 == "E'\\t'" ? UInt8(ascii: "\t") : $0.utf8.dropFirst().first }
        }
        if let encoding = names.firstIndex(of: "encoding"), encoding + 1 < names.count {
            isUTF8 = ["'utf8'", "'utf-8'", "'unicode'"].contains(names[encoding + 1])
        }
        if let own = character("delimiter") { delimiter = own }
        if let own = character("quote") { (quote, escape) = (own, own) }
        if let own = character("escape") { escape = own }
    }
}
