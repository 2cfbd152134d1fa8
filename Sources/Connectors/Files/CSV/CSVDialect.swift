import Documents

/// How a CSV file is written.
struct CSVDialect: Sendable {
    /// Nil is found out from the first line.
    var delimiter: UInt8?
    var quote: UInt8?
    var escape: UInt8?
    var hasHeader: Bool
    /// Names of the columns, where the user has given them.
    var columns: [String]
    /// Texts that mean null where they are not quoted.
    var nulls: [[UInt8]]
    var skippedLines: Int

    init(_ configuration: Configuration) throws(ConnectorError) {
        delimiter = try Self.byte(configuration["delimiter"]?.string, "delimiter")
        quote = try Self.byte(configuration["quote_char"]?.string, "quote_char")
        escape = try Self.byte(configuration["escape_char"]?.string, "escape_char")
        hasHeader = configuration.bool("header")
        columns = configuration.strings("columns")
        nulls = configuration.strings("null_values").map { Array($0.utf8) }
        skippedLines = configuration.int("skip_rows")
        // As in PostgreSQL, where doubling is that.
        if escape == quote { escape = nil }
        if let delimiter, delimiter == quote || delimiter == escape {
            throw ConnectorError(.configuration, "delimiter, quote_char and escape_char must differ")
        }
    }

    private static func byte(_ text: String?, _ field: String) throws(ConnectorError) -> UInt8? {
        guard let text, !text.isEmpty else { return nil }
        let spoken = ["\\t": "\t", "tab": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"]
        let character = spoken[text.lowercased()] ?? text
        guard character.utf8.count == 1, let byte = character.utf8.first, byte < 0x80, byte != 0x0A, byte != 0x0D else {
            throw ConnectorError(
                .configuration, "\(field) must be one ASCII character, not '\(text)'",
                hint: "a tab is written \"\\t\", and tab or pipe are taken too")
        }
        return byte
    }

    /// The delimiter that the first line has most of, outside quotes.
    static func delimiter(of line: some Sequence<UInt8>, quote: UInt8?) -> UInt8 {
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        for byte in line {
            if byte == quote { isQuoted.toggle() }
            if byte == 0x0A, !isQuoted { break }
            if !isQuoted, let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        let most = counts.max() ?? 0
        return most == 0 ? candidates[0] : candidates[counts.firstIndex(of: most) ?? 0]
    }
}
