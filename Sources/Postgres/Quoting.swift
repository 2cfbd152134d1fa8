/// `name` as an SQL identifier, always in double quotes, so that case and special characters stay.
///
/// ```swift
/// quoteIdentifier("Order")      // "Order"
/// ```
package func quoteIdentifier(_ name: String) -> String {
    quoted(name, with: UInt8(ascii: "\""))
}

/// `schema`.`name`, each quoted, or only the name where there is no schema.
package func quoteIdentifier(schema: String?, _ name: String) -> String {
    guard let schema else { return quoteIdentifier(name) }
    return quoteIdentifier(schema) + "." + quoteIdentifier(name)
}

/// `text` as an SQL string constant; right whatever `standard_conforming_strings` is.
///
/// ```swift
/// quoteLiteral("it's")      // 'it''s'
/// quoteLiteral(#"a\b"#)     // E'a\\b' (with a space before, so that it may follow a word)
/// ```
package func quoteLiteral(_ text: String) -> String {
    let hasBackslash = text.utf8.contains(UInt8(ascii: "\\"))
    guard hasBackslash else { return quoted(text, with: UInt8(ascii: "'")) }
    var escaped = ""
    for scalar in text.unicodeScalars {
        if scalar == "\\" { escaped.unicodeScalars.append("\\") }
        escaped.unicodeScalars.append(scalar)
    }
    return " E" + quoted(escaped, with: UInt8(ascii: "'"))
}

private func quoted(_ text: String, with quote: UInt8) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 2)
    bytes.append(quote)
    for byte in text.utf8 {
        if byte == quote { bytes.append(quote) }
        bytes.append(byte)
    }
    bytes.append(quote)
    return String(decoding: bytes, as: UTF8.self)
}
